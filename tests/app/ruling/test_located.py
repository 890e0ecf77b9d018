"""Where the baseline is looked for, and in which order."""

from __future__ import annotations

import os

import pytest

from hb_engine.app.ruling import baseline, located
from hb_engine.app.ruling.located import locate


@pytest.fixture(autouse=True)
def _nowhere(tmp_path, monkeypatch):
    """A folder of this test's own, in which nothing is, and no system's folder but one there."""
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr("hb_engine.app.folders.system", lambda: str(tmp_path / "etc"))
    (tmp_path / "work" / ".git").mkdir(parents=True)
    (tmp_path / "work" / "deep" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work" / "deep" / "deeper")


def make(path):
    path.mkdir(parents=True)
    return str(path)


def test_nothing_is_found_where_nothing_is():
    assert locate() is None


def test_what_is_named_is_taken_whether_it_is_there_or_not(monkeypatch):
    monkeypatch.setenv("HB_BASELINE", "from/the/environment")
    assert locate("named") == "named"
    assert locate() == "from/the/environment"


def test_here_comes_first_then_further_up_then_the_system_s(tmp_path):
    system = make(tmp_path / "etc" / "hb.d")
    assert locate() == system
    above = make(tmp_path / "work" / "hb.d")
    assert locate() == above
    make(tmp_path / "work" / "deep" / "deeper" / "hb.d")
    assert locate() == "hb.d"


def test_nothing_above_the_work_tree_is_taken(tmp_path):
    make(tmp_path / "hb.d")
    assert locate() is None


def test_outside_of_a_work_tree_nothing_above_is_taken(tmp_path, monkeypatch):
    """/tmp/hb.d may be anybody's."""
    os.rmdir(tmp_path / "work" / ".git")
    make(tmp_path / "work" / "hb.d")
    assert locate() is None
    monkeypatch.chdir(tmp_path / "work")
    assert locate() == "hb.d"


def test_a_work_tree_of_git_may_have_a_file_for_its_folder(tmp_path):
    make(tmp_path / "hb.d")
    os.rmdir(tmp_path / "work" / ".git")
    (tmp_path / "work" / ".git").write_text("gitdir: elsewhere")
    assert locate() is None


def test_a_file_of_that_name_is_no_baseline(tmp_path):
    (tmp_path / "work" / "deep" / "deeper" / "hb.d").write_text("")
    assert locate() is None


def test_whoever_reads_the_baseline_finds_the_same():
    assert baseline.locate is located.locate

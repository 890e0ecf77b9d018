"""Labels as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app import folders
from hb_engine.app.looking import labels


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv(labels.VARIABLE, raising=False)


def test_one_a_line_then_those_of_the_environment_each_once(tmp_path, monkeypatch):
    (tmp_path / labels.FILE).write_text("# who this is\nenv=prod\n\n  tier=web  # front\nbuild box\n")
    monkeypatch.setenv(labels.VARIABLE, "env=prod, canary\tzone=a")
    assert labels.labels(str(tmp_path)) == (("env=prod", "tier=web", "build box", "canary", "zone=a"), ())


def test_without_a_file_there_are_none_and_nothing_is_missing(tmp_path):
    assert labels.labels(str(tmp_path / "nowhere")) == ((), ())


def test_a_file_that_cannot_be_read_is_a_gap(tmp_path):
    (tmp_path / labels.FILE).mkdir()
    found, gaps = labels.labels(str(tmp_path))
    assert found == ()
    assert len(gaps) == 1
    assert labels.FILE in gaps[0].why
    assert gaps[0].remedy


def test_the_systems_folder_is_the_one_that_is_read(tmp_path, monkeypatch):
    (tmp_path / labels.FILE).write_text("web\n")
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path))
    assert labels.labels() == (("web",), ())


@given(st.binary(max_size=300))
def test_any_file_can_be_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("labels")
    (folder / labels.FILE).write_bytes(data)
    found, gaps = labels.labels(str(folder))
    assert gaps == ()
    assert all(one == one.strip() and one and "\n" not in one for one in found)


def test_a_file_without_end_is_bounded(tmp_path):
    (tmp_path / labels.FILE).write_text("".join([f"n={number}\n" for number in range(100_000)]))
    assert len(labels.labels(str(tmp_path))[0]) == labels.MOST

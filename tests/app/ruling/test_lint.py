"""hb lint's recipe: which files are read and which are told about, conflicts, and the lines that problems stand in."""

from __future__ import annotations

import pytest

from hb_engine.app import folders
from hb_engine.app.ruling.lint import lint
from hb_engine.model.errors import BadInput

NOW = 1795356311.0
RULE = '[[allow]]\nlisten = "tcp/443"\nwhy = "x"\nowner = "y"\n'
ROLE = '[[role]]\nname = "web"\nhosts = ["web-1"]\n'


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HB_BASELINE", raising=False)
    monkeypatch.setattr(folders, "system", lambda: str(tmp_path / "etc"))
    (tmp_path / ".git").mkdir()
    made = tmp_path / "hb.d"
    made.mkdir()
    return made


def told(*paths, **more):
    return [f"{one.where.text}: {one.message}" for one in lint(paths, now=NOW, **more).problems]


def test_the_baseline_that_would_be_used(folder):
    (folder / "a.toml").write_text(ROLE + RULE + 'role = "web"\n')
    found = lint(now=NOW)
    assert (found.paths, found.files, found.problems) == (("hb.d",), ("hb.d/a.toml",), ())
    assert (found.rules, found.roles, found.windows, found.count("error")) == (1, 1, 0, 0)
    assert told(baseline=str(folder)) == []


def test_there_is_none(folder):
    folder.rmdir()
    with pytest.raises(BadInput, match=r"there is no baseline: no hb\.d here or above"):
        lint()
    with pytest.raises(BadInput, match=r"x\.toml is not there"):
        lint(("x.toml",))


def test_a_file_is_read_with_its_folder_and_told_alone(folder):
    (folder / "a.toml").write_text(ROLE + "[[role]\n")
    (folder / "b.toml").write_text(RULE + 'role = "web"\nport = 1\n')
    assert told("hb.d/b.toml") == ["hb.d/b.toml:6:1: an allow rule has no 'port'"]
    assert len(told("hb.d")) == len(told("hb.d/a.toml", "hb.d/b.toml")) == 2
    found = lint(("hb.d/a.toml",), now=NOW)
    assert (found.rules, found.roles, found.files) == (0, 1, ("hb.d/a.toml",))


def test_a_file_elsewhere_stands_alone(tmp_path):
    (tmp_path / "rules.toml").write_text(RULE + 'role = "web"\n')
    assert told("rules.toml") == ["rules.toml:5:8: there is no role 'web'"]


def test_rules_that_cannot_all_be_meant(folder):
    (folder / "a.toml").write_text(RULE.replace("allow", "require") + RULE.replace("allow", "forbid"))
    found = lint(now=NOW)
    assert found.count("error") == 1
    assert found.lines[found.problems[0].where.file, found.problems[0].where.line].startswith("[[")


def test_a_rule_that_ended_is_told_once_at_its_day(folder):
    (folder / "a.toml").write_text(RULE + "until = 2026-01-01\n")
    assert told() == ["hb.d/a.toml:5:9: this rule ended on 2026-01-01"]


def test_a_window_of_an_unknown_rule_is_told_once_at_the_name(folder):
    (folder / "a.toml").write_text('[[window]]\nname = "w"\nrules = ["nope"]\nevery = "Sun 02:00-04:00"\n')
    assert told() == ["hb.d/a.toml:3:10: there is no rule 'nope'"]


def test_an_empty_path_names_nothing(folder):
    with pytest.raises(BadInput, match="a path is empty"):
        lint(("",))


def test_rules_that_others_may_write(folder):
    (folder / "a.toml").write_text(RULE)
    folder.chmod(0o777)
    assert told() == ["hb.d: hb.d can be written by everybody: chmod go-w hb.d"]
    assert lint(now=NOW).count("warning") == 1


def test_files_that_cannot_be_read_are_told(folder):
    (folder / "a.toml").write_bytes(b"\xff")
    (folder / "b.toml").mkdir()
    assert told() == [
        "hb.d/a.toml:1:1: the byte 0xff here is no UTF-8",
        "hb.d/b.toml: this is a folder, where a file is expected",
    ]
    assert told("hb.d/b.toml/") == []


def test_lines_are_those_of_the_file_whatever_its_line_ends(folder):
    (folder / "a.toml").write_bytes(b"\xef\xbb\xbf[[allow]]\r\nlisten = 'x'\r\n")
    found = lint(now=NOW)
    assert found.lines["hb.d/a.toml", 2] == "listen = 'x'"

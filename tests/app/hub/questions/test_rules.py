"""What is wrong with the rules, with the line; and what was not used, as far as history can tell."""

from __future__ import annotations

import time

import pytest
from tests.app.flow import FIRST
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import SSH, WEB

from hb_engine.app.hub.questions import rules
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput

RULE = '\n[[allow]]\nid = "old"\nlisten = "tcp/9"\nby = "unit:x"\nwhy = "x"\nowner = "y"\naccepted = 2020-01-01\nreview = 2099-01-01\n'  # noqa: E501


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin(FIRST + RULE)
    return made


def test_rules_without_a_mistake(desk):
    found = desk.ask("rules")
    assert (found.folder, found.files, found.errors) == ("hb.d", ("hb.d/hb.toml",), 0)
    assert not rules.QUESTION.writes


def test_a_mistake_stands_with_its_line(desk):
    desk.write("bad.toml", '[[allow]]\nlisten = "tcp/70000"\nwhy = "x"\nowner = "y"\n')
    found = desk.ask("rules")
    assert found.errors
    first = found.mistakes[0]
    assert (first.problem.where.file, first.problem.where.line, first.line) == (
        "hb.d/bad.toml", 2, 'listen = "tcp/70000"',
    )  # fmt: skip
    assert found.untold == "the rules cannot be used as they are"


def test_very_many_mistakes_are_counted(desk, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 3)
    desk.write("bad.toml", '[[allow]]\nlisten = "tcp/70000"\n' * 10)
    found = desk.ask("rules")
    assert len(found.mistakes) == 3
    assert found.more > 0


def test_without_history_nobody_knows_what_was_used(desk):
    found = desk.ask("rules")
    assert "no history" in found.untold
    assert found.unused == ()
    assert found.remedy


def test_what_history_never_saw_is_unused(desk):
    desk.opens(WEB, SSH, at=time.time() - 60)
    history.take()
    found = desk.ask("rules", days=30)
    assert found.unused == (("old", "hb.d/hb.toml:11:1"),)
    assert (found.untold, found.days, found.of, found.looks, found.short) == ("", 30, 1, 1, True)


@pytest.mark.parametrize(("days", "asked"), [(0, 1), (-7, 1), (10**9, 3650)])
def test_days_are_bounded(desk, days, asked):
    desk.opens(WEB, at=time.time() - 60)
    history.take()
    assert desk.ask("rules", days=days).days == asked


def test_without_rules_that_is_told(desk, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setattr("hb_engine.app.ruling.located.locate", lambda *_: None)
    monkeypatch.setattr("hb_engine.app.ruling.baseline.locate", lambda *_: None)
    with pytest.raises(BadInput, match="there is no baseline"):
        desk.ask("rules")

"""Whether a form was carried out already: by its ticket, and by nothing else."""

from __future__ import annotations

import os

import pytest
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import SSH, WEB

from hb_engine.app.hub.audit import Log
from hb_engine.app.hub.questions.decided import QUESTION


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    made.opens(WEB, SSH)
    return made


def test_nothing_was_decided_yet(desk):
    assert not QUESTION.writes
    assert desk.ask("decided", ticket="t1") == 0
    assert not os.path.exists(desk.audit)


def test_by_its_token(desk):
    first = desk.decide(ticket="t1").number
    second = desk.decide(SSH, ticket="t2").number
    assert [desk.ask("decided", ticket=ticket) for ticket in ("t1", "t2", "t3")] == [first, second, 0]


def test_no_token_is_nobodys(desk):
    with Log(desk.audit) as log:
        begun = log.append("decide", "begun")
        log.append("decide", "written", of=begun.number)
    assert desk.ask("decided", ticket="") == 0


def test_what_was_refused_was_not_decided(desk):
    words = desk.confirmed(desk.draft(), "t1")
    desk.opens(SSH)
    desk.ask("decide", **words)
    assert desk.ask("decided", ticket="t1") == 0

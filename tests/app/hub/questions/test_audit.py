"""The log as pages show it: attempts, the newest first, each as it stands; broken chains told."""

from __future__ import annotations

import os

import pytest
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import DB, SSH, WEB

from hb_engine.app.hub.audit import Broken, Log
from hb_engine.app.hub.questions.audit import LARGEST, QUESTION
from hb_engine.model.errors import DataError


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    made.opens(WEB, SSH, DB)
    return made


def test_it_changes_nothing_and_needs_no_right(desk):
    assert not QUESTION.writes
    read = desk.ask("audit")
    assert (read.path, read.rows, read.count, read.chain.lines) == (desk.audit, (), 0, 0)
    assert not os.path.exists(desk.audit)


def test_the_newest_first_and_an_attempt_once(desk):
    for number, one in enumerate((WEB, SSH, DB)):
        desk.decide(one, ticket=f"t{number}")
    read = desk.ask("audit")
    assert [row.entry.key for row in read.rows] == [DB.key, SSH.key, WEB.key]
    assert [row.undoable for row in read.rows] == [True, False, False]
    assert (read.count, read.chain.lines) == (3, 6)


def test_in_pages(desk):
    with Log(desk.audit) as log:
        for number in range(25):
            log.append("decide", "refused", rule=f"r{number}")
    assert [row.entry.rule for row in desk.ask("audit", page=1, size=10).rows] == [f"r{n}" for n in range(24, 14, -1)]
    assert [row.entry.rule for row in desk.ask("audit", page=3, size=10).rows] == [f"r{n}" for n in range(4, -1, -1)]
    assert desk.ask("audit", page=4, size=10).rows == ()
    assert desk.ask("audit", page=4, size=10).count == 25


@pytest.mark.parametrize(("page", "size", "count"), [(0, 10, 10), (-5, 10, 10), (1, 0, 1), (1, 10**9, 25)])
def test_strange_pages_are_bounded(desk, page, size, count):
    with Log(desk.audit) as log:
        for _ in range(25):
            log.append("decide", "refused")
    assert len(desk.ask("audit", page=page, size=size).rows) == min(count, LARGEST)


def test_one_decision_by_its_number(desk):
    number = desk.decide().number
    desk.decide(SSH, ticket="t2")
    (row,) = desk.ask("audit", number=number).rows
    assert (row.entry.key, row.state, row.undoable) == (WEB.key, "written", False)
    assert desk.ask("audit", number=99).rows == ()


def test_a_broken_chain_is_told_and_what_can_be_read_is_shown(desk):
    desk.decide()
    with open(desk.audit, "r+b") as file:
        data = file.read().replace(b'"owner": "team-web"', b'"owner": "team-bad"', 1)
        file.seek(0)
        file.write(data)
    read = desk.ask("audit")
    assert read.chain.broken == Broken(2, "chain")
    assert len(read.rows) == 1


def test_what_was_begun_is_looked_up_in_its_file(desk):
    with Log(desk.audit) as log:
        log.append("decide", "begun", file=os.path.join(desk.folder, "hb.toml"), kind="allow", block="0" * 64)
        log.append("decide", "begun", file=os.path.join(desk.folder, "gone.toml"), kind="allow", block="0" * 64)
        log.append("decide", "begun", file=desk.folder, kind="allow", block="0" * 64)
    assert [row.state for row in desk.ask("audit").rows] == ["unknown", "not-there", "not-there"]


def test_a_log_that_cannot_be_read_is_trouble_and_no_empty_log(desk):
    os.mkdir(desk.audit)
    with pytest.raises(DataError, match="cannot be read"):
        desk.ask("audit")

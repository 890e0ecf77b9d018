"""The last decision is taken back to the letter, or not at all; killed at any step the file is one of the two."""

from __future__ import annotations

import os

import pytest
from tests.app.hub import killing
from tests.app.hub.deciding_kit import Desk
from tests.baseline.seen import SSH, WEB

from hb_engine.app.changing import rule_files
from hb_engine.app.hub import audit
from hb_engine.app.hub.questions import Place
from hb_engine.app.hub.questions.undo import QUESTION, Undone
from hb_engine.model.errors import BadInput, DataError

MINE = '# mine, without a line feed at its end\n[[forbid]]\nlisten = "tcp/9"\nwhy = "x"\nowner = "y"'


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    made.opens(WEB, SSH)
    return made


def undo(desk, number):
    return desk.ask("undo", number=number, user="bob", uid=1001)


def test_it_takes_the_right_to_write(desk):
    assert QUESTION.writes
    number = desk.decide().number
    desk.place = Place()
    with pytest.raises(BadInput, match="may not write"):
        undo(desk, number)
    assert "accepted.toml" in desk.files()


def test_a_new_file_goes_away_again(desk):
    number = desk.decide().number
    found = undo(desk, number)
    assert (found.number, found.rule, found.key, found.again) == (number, "nginx-443", WEB.key, False)
    assert desk.files() == ["hb.toml"]


@pytest.mark.parametrize("before", [MINE, "", "# \u00e9\u00e8\n\n\n", 'schema = "hb/1"\n'])
def test_a_file_that_was_there_is_to_the_letter_what_it_was(desk, before):
    desk.write("mine.toml", before)
    undo(desk, desk.decide(file="mine").number)
    assert desk.read("mine.toml") == before


def test_the_log_says_who_took_what_back(desk):
    number = desk.decide().number
    undo(desk, number)
    begun, done = audit.read(desk.audit, None)[1][-2:]
    assert [(one.what, one.stage, one.user, one.uid, one.undoes) for one in (begun, done)] == [
        ("undo", "begun", "bob", 1001, number), ("undo", "written", "bob", 1001, number),
    ]  # fmt: skip
    assert [(row.entry.what, row.state) for row in desk.ask("audit").rows] == [
        ("undo", "written"),
        ("decide", "undone"),
    ]


def test_twice_is_once(desk):
    number = desk.decide().number
    undo(desk, number)
    assert undo(desk, number).again
    assert len(audit.read(desk.audit, None)[1]) == 4


def test_only_the_last_decision_is_taken_back_then_the_one_before(desk):
    first = desk.decide().number
    second = desk.decide(SSH, ticket="t2").number
    with pytest.raises(BadInput, match="is not the last one"):
        undo(desk, first)
    undo(desk, second)
    undo(desk, first)
    assert desk.files() == ["hb.toml"]


@pytest.mark.parametrize("words", [{"uid": "1001"}, {"uid": (1,)}, {"uid": 1.5}, {"user": 7}, {"user": "a" * 20_001}])
def test_what_is_no_user_is_refused_before_it_could_break_the_log(desk, words):
    number = desk.decide().number
    with pytest.raises(BadInput, match="cannot say u"):
        desk.ask("undo", number=number, **{"user": "bob", "uid": 1001, **words})
    assert audit.read(desk.audit)[0].broken is None


@pytest.mark.parametrize("number", [0, -1, 99])
def test_a_decision_that_there_is_not(desk, number):
    with pytest.raises(BadInput, match="is not the last one"):
        undo(desk, number)


def test_what_somebody_changed_since_is_left_alone_and_that_is_logged(desk):
    number = desk.decide().number
    desk.write("accepted.toml", desk.read("accepted.toml") + "# theirs\n")
    with pytest.raises(DataError, match="was changed since"):
        undo(desk, number)
    assert "# theirs" in desk.read("accepted.toml")
    assert audit.read(desk.audit, None)[1][-1].stage == "refused"
    assert not any(row.undoable for row in desk.ask("audit").rows)


def test_a_file_that_is_gone_is_told(desk):
    number = desk.decide().number
    os.unlink(os.path.join(desk.folder, "accepted.toml"))
    with pytest.raises(DataError, match="was changed since"):
        undo(desk, number)


def test_a_rule_that_another_one_needs_stays(desk):
    number = desk.decide().number
    desk.write(
        "times.toml", '[[window]]\nname = "w"\nmode = "only"\nrules = ["nginx-443"]\nevery = ["mon 1:00-2:00"]\n'
    )
    if not desk.ask("audit").rows[0].undoable:
        pytest.fail("the file is as it was")
    with pytest.raises((DataError, BadInput)):
        undo(desk, number)
    assert "nginx-443" in desk.read("accepted.toml")


@pytest.mark.parametrize("word", ["write", "remove"])
def test_a_failure_is_logged_and_may_be_tried_again(desk, monkeypatch, word):
    if word == "write":
        desk.write("accepted.toml", "# mine\n")
    number = desk.decide().number
    true = getattr(rule_files, word)

    def fails(*_):
        raise DataError("the disk is full", "Make room.")

    monkeypatch.setattr(rule_files, word, fails)
    with pytest.raises(DataError, match="the disk is full"):
        undo(desk, number)
    assert audit.read(desk.audit, None)[1][-1].stage == "failed"
    monkeypatch.setattr(rule_files, word, true)
    assert undo(desk, number) == Undone(number, "nginx-443", os.path.join(desk.folder, "accepted.toml"), WEB.key)


@pytest.mark.slow
def test_what_was_killed_after_its_write_can_be_taken_back(desk):
    words = desk.confirmed(desk.draft())
    undo(desk, desk.decide(ticket="before").number)  # loads all that children need
    few, many = 0, 1 << 12  # it is written after more calls than these, and after fewer than those
    while many - few > 1:
        number = (few + many) // 2
        for name in [desk.audit, os.path.join(desk.folder, "accepted.toml")]:
            if os.path.exists(name):
                os.unlink(name)
        killed = killing.killed(lambda: desk.ask("decide", **words), number)
        few, many = (number, many) if killed and desk.read("accepted.toml") is None else (few, number)
    if os.path.exists(desk.audit):
        os.unlink(desk.audit)
    if desk.read("accepted.toml") is not None:
        os.unlink(os.path.join(desk.folder, "accepted.toml"))
    assert killing.killed(lambda: desk.ask("decide", **words), many)
    row = desk.ask("audit").rows[0]
    assert (row.state, row.undoable) == ("there", True)
    undo(desk, row.entry.number)
    assert "accepted.toml" not in desk.files()
    assert desk.ask("audit").rows[1].state == "undone"


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("there", [False, True], ids=["new file", "file that is there"])
def test_killed_at_every_step_it_is_taken_back_or_not(desk, there, after):
    states, number = set(), 0
    while True:
        if os.path.exists(desk.audit):
            os.unlink(desk.audit)
        for name in desk.files():
            if name != "hb.toml":
                os.unlink(os.path.join(desk.folder, name))
        if there:
            desk.write("accepted.toml", MINE)
        decided = desk.decide().number
        new = desk.read("accepted.toml")
        if not killing.killed(lambda decided=decided: undo(desk, decided), number, after=after):
            break
        text = desk.read("accepted.toml")
        assert text in (new, MINE if there else None)
        first = desk.ask("audit").rows[0]
        back = text != new
        states.add(back)
        last = next(row for row in desk.ask("audit").rows if row.entry.what == "decide")
        assert (last.state, last.undoable) == (("undone", False) if back else ("written", True))
        # An undoing of which nothing more is known: there says that the rule is still in its file.
        assert first.state in (("not-there", "written") if back else ("there", "written"))
        assert audit.read(desk.audit)[0].broken is None
        number += 1
    assert number > 10
    assert states == {False, True}

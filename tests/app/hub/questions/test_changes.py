"""What changed lately on all machines, in one order."""

from __future__ import annotations

import pytest
from tests.store.kit import SSH, START, WEB, daemon, look

from hb_engine.app.hub.questions import Place, changes, load
from hb_engine.app.hub.questions.changes import answer
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput


@pytest.fixture(autouse=True)
def where(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))


def keep(after, *openings, host="web-17"):
    history.remember(look(after, *openings, host=host))


def told(found):
    return [(one.host, one.change.kind, one.change.opening.port, one.change.at - START) for one in found.changes]


def test_it_is_a_question():
    assert load("changes") == (changes.QUESTION, answer)


def test_the_latest_of_all_machines_come_first():
    keep(0, SSH)
    keep(300, SSH, WEB)
    keep(900, SSH)
    keep(0, daemon(1), host="db-3")
    keep(600, daemon(1), daemon(2), host="db-3")
    found = answer(Place())
    assert told(found) == [
        ("web-17", "closed", 443, 900),
        ("db-3", "opened", 2, 600),
        ("web-17", "opened", 443, 300),
    ]
    assert (found.more, found.first, found.last, found.others) == (0, START, START + 900, 0)


def test_since_a_time_on_one_machine_and_only_so_many():
    keep(0, SSH)
    for turn in range(1, 10):
        keep(turn * 300, SSH, *([WEB] if turn % 2 else []))
    keep(0, SSH, host="db-3")
    keep(9000, SSH, WEB, host="db-3")
    assert told(answer(Place(), since=START + 2400.0, host="web-17")) == [("web-17", "opened", 443, 2700)]
    found = answer(Place(), limit=2)
    assert [one[0] for one in told(found)] == ["db-3", "web-17"]
    assert found.more == 8


def test_where_nothing_changed_it_is_told_when_anybody_looked():
    keep(0, SSH)
    keep(300, SSH)
    found = answer(Place(), since=START)
    assert (found.changes, found.first, found.last) == ((), START, START + 300)


def test_machines_are_cut_and_counted(monkeypatch):
    monkeypatch.setattr(changes, "MACHINES", 1)
    keep(0, SSH)
    keep(0, SSH, host="db-3")
    assert answer(Place()).others == 1


@pytest.mark.parametrize("words", [{"limit": 0}, {"limit": 501}, {"limit": -1}, {"host": "nobody"}])
def test_what_cannot_be_told_is_refused(words):
    keep(0, SSH)
    with pytest.raises(BadInput):
        answer(Place(), **words)


def test_without_history_it_is_said_how_to_have_one():
    with pytest.raises(BadInput, match="no history yet"):
        answer(Place())

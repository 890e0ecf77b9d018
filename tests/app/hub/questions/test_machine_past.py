"""A machine's days, out of a real file of history."""

from __future__ import annotations

import os
import pickle

import pytest
from tests.store.kit import NOBODY, SSH, WEB, blind, daemon, look

from hb_engine.app.hub import past
from hb_engine.app.hub.questions import Place, load, machine_past
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace

DAY = 86400.0
START = 1_795_305_600.0  # 2026-11-22 00:00 UTC
EDGES = tuple([START + DAY * number for number in range(6)])


@pytest.fixture(autouse=True)
def where(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    monkeypatch.setattr(history, "here", lambda: "web-17")
    return tmp_path / "history.db"


def keep(day, *openings, host="web-17", **more):
    history.remember(replace(look(0, *openings, host=host, **more), taken_at=START + DAY * day))


def asked(host="", edges=EDGES):
    return past.asked(lambda store: machine_past.of(store, host, edges))


def test_it_is_a_question():
    question, answer = load("machine-past")
    assert (question.name, question.writes) == ("machine-past", False)
    assert answer is machine_past.answer


def test_of_a_name_that_is_no_text_nobody_has_looked():
    """A snapshot's machine may be called so; its page is there."""
    keep(0.5, SSH)
    for name in ("\udcff", "web\ud800", "\ud83d\ude00"):
        told = asked(name)
        assert (told.host, told.keys, told.looked, told.first) == (name, (), (0,) * 5, None)


def test_days_of_every_key_and_of_looks():
    keep(0.5, SSH)
    keep(1.5, SSH, WEB)
    keep(1.6, SSH, WEB)
    keep(3.5, SSH)
    told = asked()
    assert told.looked == (1, 2, 0, 1, 0)
    assert [(one.key, one.days, one.is_open) for one in told.keys] == [
        (SSH.key, "oo-o-", True),
        (WEB.key, "co-c-", False),
    ]
    assert (told.host, told.first, told.last) == ("web-17", START + DAY / 2, START + DAY * 3.5)
    assert told.edges == EDGES
    assert told.of(WEB.key).spans[0].gone_at == START + DAY * 3.5
    assert told.of("nothing") is None


def test_changes_of_these_days():
    keep(-2, SSH, daemon(1))
    keep(-1, SSH)
    keep(0.5, SSH, WEB)
    keep(1.5, SSH)
    told = asked()
    assert [(one.kind, one.opening.port) for one in told.changes] == [("closed", 443), ("opened", 443)]
    assert (told.more_changes, told.keys[0].first_seen) == (0, START - 2 * DAY)


def test_a_key_of_other_rights_is_found_under_both_names():
    keep(0.5, SSH)
    keep(1.5, blind(SSH, unit=False), coverage=NOBODY)
    told = asked()
    assert told.of(blind(SSH).key) is told.of(SSH.key) is not None


def test_another_machine_and_one_that_nobody_looked_at():
    keep(0.5, WEB, host="db-3")
    assert [one.key for one in asked("db-3").keys] == [WEB.key]
    nobody = asked("db-4")
    assert (nobody.looked, nobody.keys, nobody.first, nobody.last) == ((0,) * 5, (), None, None)
    assert asked().keys == ()


def test_spans_of_a_key_that_comes_and_goes_are_cut(monkeypatch):
    monkeypatch.setattr(machine_past, "SPANS", 3)
    for turn in range(10):
        keep(turn / 10, SSH, *([WEB] if turn % 2 else []))
    one = asked().of(WEB.key)
    assert (len(one.spans), one.more) == (3, 2)
    assert one.spans[-1].last_seen == START + DAY * 0.9


def test_keys_are_cut_and_counted(monkeypatch):
    monkeypatch.setattr(machine_past, "MOST", 2)
    keep(0.5, SSH, WEB, daemon(1), daemon(2))
    told = asked()
    assert (len(told.keys), told.left_out) == (2, 2)


def test_today_is_the_last_day():
    keep(0.5, SSH)
    told = machine_past.answer(Place(), days=7)
    assert len(told.edges) == 8
    assert len(told.looked) == 7


def test_the_same_question_of_the_same_file_is_answered_once(monkeypatch):
    read = []
    of = machine_past.of

    def counted(*words):
        read.append(1)
        return of(*words)

    monkeypatch.setattr(machine_past, "of", counted)
    keep(0.5, SSH)
    assert machine_past.answer(Place()) == machine_past.answer(Place())
    assert len(read) == 1
    machine_past.answer(Place(), days=7)
    keep(1.5, SSH, WEB)
    machine_past.answer(Place())
    assert len(read) == 3
    monkeypatch.setattr(machine_past, "HELD", 1)
    machine_past.answer(Place(), days=8)
    assert len(machine_past._KNOWN) == 1


@pytest.mark.parametrize("days", [0, -1, 401, 1 << 40])
def test_days_are_bounded(days):
    with pytest.raises(BadInput, match="cannot be shown"):
        machine_past.answer(Place(), days=days)


def test_without_history_it_is_said_how_to_have_one():
    with pytest.raises(BadInput, match="no history yet"):
        machine_past.answer(Place())


def test_a_damaged_file_is_told(where):
    keep(0.5, SSH)
    where.write_bytes(os.urandom(100) * 100)
    with pytest.raises(DataError, match="damaged"):
        asked()


@pytest.mark.slow
def test_sixty_thousand_spans_are_an_answer_of_bounded_size(where):
    """Of a machine that opens and closes a port at each look, for months."""
    keep(0, SSH, *[daemon(20_000 + port) for port in range(200)])
    store = history.open_sqlite()
    assert store is not None
    rows = [
        (1, f"tcp/public/{port % 40_000}/pkg:thing{port}/host", "tcp", port % 40_000, at, at, None, at + 300)
        for port, at in enumerate([START + 1.0 + turn * 5 for turn in range(60_000)])
    ]
    store._connection.execute("BEGIN")
    store._connection.executemany(
        "INSERT INTO span (host, key, transport, port, first_seen, last_seen, before, gone_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    store._connection.execute(
        "INSERT INTO state (span, since, payload) SELECT id, first_seen, (SELECT MIN(id) FROM payload) FROM span"
        " WHERE id NOT IN (SELECT span FROM state)"
    )
    store._connection.execute("COMMIT")
    store.close()
    told = asked()
    assert len(told.keys) == machine_past.MOST
    assert told.left_out == 60_201 - machine_past.MOST
    assert len(pickle.dumps(told, 5)) < 2 << 20

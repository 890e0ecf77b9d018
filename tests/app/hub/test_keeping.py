"""History for the pages: kept where it is kept, read when it has changed, and never a reason not to look."""

from __future__ import annotations

import sqlite3

import pytest
from tests.store.kit import SSH, WEB, look

from hb_engine.app.hub import keeping
from hb_engine.app.hub.keeping import EVERY, NONE, NOWHERE, Keeping
from hb_engine.app.remembering import history
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

HERE = "web-17"


@pytest.fixture(autouse=True)
def where(tmp_path, monkeypatch):
    """A place for history, in which there is none yet."""
    tmp_path.chmod(0o700)
    path = tmp_path / "history.db"
    monkeypatch.setenv("HB_HISTORY", str(path))
    return path


def kept():
    """The times of the looks that are there."""
    store = history.open_store()
    if store is None:
        return ()
    try:
        return tuple([one.taken_at for one in store.looks(HERE)][::-1])
    finally:
        store.close()


def messages(troubles):
    return [one.message for one in troubles]


# -- keeping


def test_nobodys_history_is_made_by_looking(where):
    one = Keeping()
    assert one.keep(look(0, SSH)) == ()
    assert one.ask(HERE) == (history.Known({}), (NONE,))
    assert not where.exists()
    assert "hb record --timer" in NONE.remedy


def test_who_asks_for_it_gets_one(where):
    one = Keeping(recording=True)
    assert one.keep(look(0, SSH)) == ()
    known, troubles = one.ask(HERE)
    assert where.exists()
    assert (list(known.first_seen), troubles) == ([SSH.key], ())


def test_one_that_is_there_is_kept_up(where):
    history.remember(look(0, SSH))
    one = Keeping()
    one.keep(look(30, SSH))
    assert len(kept()) == 2


def test_looks_are_kept_every_five_minutes_and_whenever_something_opens(where):
    one = Keeping(recording=True)
    for after in (0, 30, 60, EVERY - 1):
        one.keep(look(after, SSH))
    assert len(kept()) == 1
    one.keep(look(EVERY, SSH))
    assert len(kept()) == 2
    one.keep(look(EVERY + 30, SSH, WEB))
    one.keep(look(EVERY + 60, SSH, WEB))
    assert len(kept()) == 3


def test_another_hb_that_was_faster_is_no_trouble_once():
    one = Keeping(recording=True)
    history.remember(look(1000, SSH))
    assert one.keep(look(0, SSH)) == ()
    again = one.keep(look(30, SSH))
    assert again
    assert again[0].about == "history"
    assert one.keep(look(2000, SSH)) == ()
    assert one.keep(look(100, SSH, WEB)) == ()


# -- trouble


def test_a_damaged_file_is_told_with_what_to_do(where):
    history.remember(look(0, SSH))
    where.write_bytes(b"nothing of SQLite's" * 1000)
    one = Keeping()
    told = one.keep(look(30, SSH))
    known, asked = one.ask(HERE)
    assert known == history.Known({})
    for troubles in (told, asked):
        assert "damaged" in troubles[0].message
        assert "hb record --repair" in troubles[0].remedy


def test_once_it_is_mended_all_is_well(where):
    where.write_bytes(b"nothing of SQLite's" * 1000)
    where.chmod(0o600)
    one = Keeping()
    assert one.ask(HERE)[1]
    where.unlink()
    history.remember(look(0, SSH))
    known, troubles = one.ask(HERE)
    assert (list(known.first_seen), troubles) == ([SSH.key], ())


def test_a_locked_file_is_told_and_read_when_it_is_free(where, monkeypatch):
    history.remember(look(0, SSH))
    monkeypatch.setattr("hb_engine.store.sqlite.connect.connect.__kwdefaults__", {"patience": 0.0}, raising=False)
    other = sqlite3.connect(where, isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        one = Keeping()
        told = one.keep(look(30, SSH))
        assert "in use by another hb" in told[0].message
        assert one.ask(HERE)[1]
    finally:
        other.close()
    assert one.ask(HERE)[1] == ()
    assert one.keep(look(30, SSH)) == ()


def test_a_file_of_a_newer_hb_is_told(where):
    history.remember(look(0, SSH))
    other = sqlite3.connect(where)
    other.execute("PRAGMA user_version = 99")
    other.close()
    _, troubles = Keeping().ask(HERE)
    assert "newer hb" in troubles[0].message
    assert troubles[0].remedy


def test_a_file_that_others_may_write_is_told(where):
    history.remember(look(0, SSH))
    where.chmod(0o666)
    _, troubles = Keeping().ask(HERE)
    assert "written by others" in troubles[0].message


def test_no_place_for_it_is_told(monkeypatch):
    monkeypatch.setattr(history, "path", lambda: None)
    one = Keeping(recording=True)
    assert one.ask(HERE)[1] == (NOWHERE,)
    assert messages(one.keep(look(0, SSH))) == ["there is no place to keep history in"]


# -- reading


def test_it_is_read_only_when_it_has_changed(where, monkeypatch):
    history.remember(look(0, SSH))
    asked = []
    known = history.known

    def counted(name):
        asked.append(name)
        return known(name)

    monkeypatch.setattr(history, "known", counted)
    one = Keeping()
    for _ in range(3):
        one.ask(HERE)
    assert len(asked) == 1
    history.remember(look(300, SSH, WEB))
    assert len(one.ask(HERE)[0].first_seen) == 2
    assert len(asked) == 2


def test_machines_that_history_alone_knows_are_told_as_they_were(where):
    history.remember(look(0, SSH))
    history.remember(look(10, WEB, host="db-3"))
    history.remember(look(20, SSH, WEB, host="db-4"))
    one = Keeping()
    one.ask(HERE)
    found = one.machines([HERE, "db-4"])
    assert [(each.name, each.remembered, each.report, each.seen.taken_at) for each in found] == [
        ("db-3", True, None, look(10).taken_at)
    ]
    assert [each.key for each in found[0].seen.openings] == [WEB.key]
    assert found[0].seen.openings[0].verdict is not None


def test_of_these_only_what_changed_is_read_again(where, monkeypatch):
    history.remember(look(0, SSH))
    history.remember(look(10, WEB, host="db-3"))
    history.remember(look(10, WEB, host="db-4"))
    one = Keeping()
    one.ask(HERE)
    before = {each.name: each for each in one.machines([])}
    history.remember(look(300, SSH, WEB, host="db-4"))
    one.ask(HERE)
    after = {each.name: each for each in one.machines([])}
    assert after["db-3"] is before["db-3"]
    assert len(after["db-4"].seen.openings) == 2


def test_there_is_an_end_of_machines(where, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    for name in ("a", "b", "c"):
        history.remember(replace(look(0, SSH), host=Host(name, "Debian")))
    one = Keeping()
    one.ask(HERE)
    assert [each.name for each in one.machines([])] == ["a", "b"]
    assert messages(one.ask(HERE)[1]) == ["history knows 1 more machines than the 2 of it that are shown here"]

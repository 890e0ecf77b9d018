"""A look is kept whole or not at all: killed at any point, on a full disk, behind another program's lock."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys

import pytest
from tests.store.kit import BOX, NOBODY, SSH, START, WEB, blind, daemon, kinds, look, restarted
from tests.store.sqlite.kit import at, filled, opened, path_in

from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace
from hb_engine.store.sqlite.connect import connect
from hb_engine.store.sqlite.store import Sqlite

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
KILLS = 30
CHILD = """
import sys
sys.path[:0] = sys.argv[2:4]
from tests.store.kit import SSH, daemon, look
from hb_engine.store.sqlite.store import Sqlite
store = Sqlite(sys.argv[1])
turn = 1 + max([int(look.taken_at) for look in store.looks(limit=1)], default=0)
start = int(look(0).taken_at)
turn = max(turn - start, 0)
sys.stdout.write("ready\\n")
sys.stdout.flush()
while True:
    turn += 1
    store.record(look(turn, SSH, *[daemon(10_000 + turn + place, pid=turn) for place in range(20)]))
    sys.stdout.write(f"{turn}\\n")
    sys.stdout.flush()
"""


def whole(path):
    """Whether every look is wholly there: it shows what it said that it showed, and spans fit the looks."""
    store = Sqlite(path)
    store.check(START)
    looks = store.looks(limit=1 << 20)
    for seen in (*looks[:3], *looks[-3:]):
        moment = at(store, seen.taken_at)
        assert moment.look == seen
        assert len(moment.openings) == seen.openings == 21
        turn = int(seen.taken_at - START)
        assert {one.port for one in moment.openings} == {22, *[10_000 + turn + place for place in range(20)]}
    times = {seen.taken_at for seen in looks}
    for span in store.history("", None):
        assert {span.first_seen, span.last_seen} <= times
        assert span.gone_at is None or span.gone_at in times
    last = looks[0].taken_at if looks else None
    store.close()
    return last


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_killed_at_any_point_the_file_is_whole(tmp_path):
    """Thirty children in the middle of many looks, each killed after some lines, at no particular point of a look."""
    store = opened(tmp_path)
    store.close()
    path = path_in(tmp_path)
    chance = random.Random(1703)  # noqa: S311 - the points need no secrecy
    command = [sys.executable, "-c", CHILD, path, os.path.join(TOP, "src"), TOP]
    kept = None
    for _ in range(KILLS):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        try:
            assert child.stdout.readline() == "ready\n"
            said = 0
            for _ in range(chance.randrange(4)):
                said = int(child.stdout.readline())
            for _ in range(chance.randrange(2000)):  # a moment, of no fixed length
                os.getpid()
        finally:
            child.send_signal(signal.SIGKILL)
            said = max([said, *[int(line) for line in child.stdout.read().split() if line.isdigit()]])
            child.stdout.close()
            assert child.wait() == -signal.SIGKILL
        last = whole(path)
        if said:
            assert last >= START + said  # what was said to be kept is kept
        assert kept is None or last >= kept
        kept = last
    assert kept is not None


def test_a_full_disk_loses_the_look_and_nothing_else(tmp_path):
    path = filled(tmp_path, 10)
    store = Sqlite(path)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [daemon(20_000 + place, f"name{place}" * 20, pid=place + 1) for place in range(300)]
    with pytest.raises(DataError, match="no room left") as caught:
        store.record(look(9000, SSH, *many))
    assert "whole" in caught.value.remedy
    assert len(store.looks()) == 10
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert ("opened", 20_000) in kinds(store.record(look(9000, SSH, *many)))
    store.check(START)
    store.close()


def test_another_program_s_lock_is_waited_for_and_told(tmp_path):
    path = filled(tmp_path, 2)
    holder = connect(path)
    holder.execute("BEGIN IMMEDIATE")
    store = Sqlite(path, connect(path, patience=0.05))
    with pytest.raises(DataError, match="in use by another hb"):
        store.record(look(9000, SSH))
    assert len(store.looks()) == 2  # readers never wait
    holder.execute("ROLLBACK")
    store.record(look(9000, SSH))
    assert len(store.looks()) == 3
    holder.close()
    store.close()


@pytest.mark.slow
def test_two_at_once_are_kept_one_after_the_other(tmp_path):
    """Eight processes, each with looks of a machine of its own, in one file."""
    opened(tmp_path).close()
    code = (
        "import sys; sys.path[:0] = sys.argv[2:4]\n"
        "from tests.store.kit import SSH, daemon, look\n"
        "from hb_engine.store.sqlite.store import Sqlite\n"
        "store = Sqlite(sys.argv[1])\n"
        "for turn in range(12): store.record(look(turn, SSH, daemon(1000 + turn), host=sys.argv[4]))\n"
        "store.close()\n"
    )
    command = [sys.executable, "-c", code, path_in(tmp_path), os.path.join(TOP, "src"), TOP]
    children = [subprocess.Popen([*command, f"host-{number}"]) for number in range(8)]
    assert [child.wait() for child in children] == [0] * 8
    store = opened(tmp_path)
    assert store.hosts() == tuple([f"host-{number}" for number in range(8)])
    assert all(len(store.looks(host)) == 12 for host in store.hosts())
    store.check(START)
    store.close()


def test_what_fails_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    store = Sqlite(filled(tmp_path, 3))
    before = list(store._connection.iterdump())

    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(store, "_keep_look", fails)
    with pytest.raises(ZeroDivisionError):
        store.record(look(9000, SSH, WEB, BOX))
    monkeypatch.undo()
    assert list(store._connection.iterdump()) == before
    with pytest.raises(BadInput):
        store.record(look(-5, SSH, WEB))
    assert list(store._connection.iterdump()) == before
    store.close()


def rows(store, table):
    return store._connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours


def test_a_look_without_a_change_costs_one_row(tmp_path):
    store = opened(tmp_path)
    store.record(look(0, SSH, WEB, BOX))
    tables = ("coverage", "boot", "payload", "span", "alias", "state", "change")
    before = [rows(store, table) for table in tables]
    for turn in range(1, 20):
        store.record(look(turn * 300, SSH, WEB, BOX))
    assert [rows(store, table) for table in tables] == before
    assert rows(store, "look") == 20
    store.close()


def test_restarts_leave_no_old_text_behind(tmp_path):
    store = opened(tmp_path)
    store.record(look(0, SSH))
    for turn in range(1, 20):
        store.record(look(turn * 300, restarted(SSH, 7000 + turn)))
    assert (rows(store, "payload"), rows(store, "state"), rows(store, "span")) == (1, 1, 1)
    store.close()


def test_an_opening_that_comes_back_the_same_is_packed_once(tmp_path):
    store = opened(tmp_path)
    for turn in range(10):
        store.record(look(turn * 300, *([SSH, WEB] if turn % 2 else [SSH])))
    assert rows(store, "span") == 6
    assert rows(store, "payload") == 2
    store.close()


def test_looks_of_one_kind_share_what_they_asked(tmp_path):
    store = opened(tmp_path)
    for turn in range(10):
        store.record(look(turn * 300, blind(SSH), coverage=NOBODY) if turn % 2 else look(turn * 300, SSH))
    assert rows(store, "coverage") == 2
    assert [seen.privileged for seen in store.looks(limit=3)] == [False, True, False]
    store.close()


def test_ten_thousand_clients_are_one_row(tmp_path):
    from tests.store.kit import CHRONY

    store = opened(tmp_path)
    store.record(look(0, SSH, *[replace(CHRONY, port=place) for place in range(20_000, 22_000)]))
    assert rows(store, "span") == 2
    store.close()

"""The one shape in which both ways of asking put their answers."""

from __future__ import annotations

from hb_engine.inventory.linux.census import Census
from hb_engine.wire.task_program import PROCESS, PROCESS_ROW


def test_a_holder_is_noted_once_though_threads_repeat_it():
    census = Census("test")
    census.hold(100, 7, 7, 3)
    census.hold(100, 7, 9, 3)  # another thread that shares the table
    census.hold(100, 7, 7, 4)
    census.hold(100, 8, 8, 3)
    assert census.holders == {100: [(7, 7, 3), (7, 7, 4), (8, 8, 3)]}


def test_rows_are_unpacked_when_they_are_asked_for():
    census = Census("test")
    census.table = b"x" * 16 + PROCESS_ROW.pack(PROCESS, 7, 1, 1000, 0, 1, 11, 12, 13, 14, 15, 16, b"name")
    census.places = {7: 16}
    row = census.row(7)
    assert row is not None
    assert (row[1], row[2], row[3], row[12].rstrip(b"\0")) == (7, 1, 1000, b"name")
    assert census.row(8) is None


def test_suspects_are_what_no_list_shows():
    census = Census("test")
    census.strangers = {1: (9, 2, 10, 80, 6, 1), 2: (9, 2, 10, 81, 6, 1)}
    assert census.suspects({1}) == [2]


def test_after_a_walk_the_dull_families_are_none():
    import socket

    from tests.kit.sockets import inode_of, tcp

    left, right = socket.socketpair()
    with left, right, tcp(host="127.0.0.1") as one:
        census = Census("test")
        for number, each in enumerate((left, right, one)):
            census.hold(inode_of(each), 7, 7, number)
        assert census.suspects(set()) == []  # unix, and listed in /proc/net/tcp
        census.hold(4_000_000_000, 7, 7, 9)
        assert census.suspects(set()) == [4_000_000_000]

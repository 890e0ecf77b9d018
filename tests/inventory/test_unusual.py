"""Holders without descriptors: the parsers on any bytes, the finders on a tree made here. Real ones: test_collect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import bpf_tasks, unusual
from hb_engine.inventory.linux.census import Census
from hb_engine.model.errors import CannotLook


def put(root, path, text):
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def test_files_registered_with_a_ring(tmp_path):
    put(tmp_path, "7/task/8/fdinfo/5", "UserFiles:\t2\n    0: socket:[100]\n    1: [eventfd]\n    2: socket:[200]\n")
    census = Census("test")
    census.rings = [(7, 8, 5), (9, 9, 5)]  # the second has ended
    finds = list(unusual.in_rings(census, str(tmp_path)))
    assert {(find.inode, find.pid, find.hold.how) for find in finds} == {(100, 7, "io_uring"), (200, 7, "io_uring")}


def test_rings_in_memory(tmp_path):
    put(tmp_path, "7/maps", "7f04-7f05 rw-s 00000000 00:09 6724     socket:[6724]\n7f06-7f07 r-xp 0 0:1 2 /bin/x\n")
    put(tmp_path, "8/maps", "7f04-7f05 rw-s 00000000 00:09 9     socket:[9]\n")
    assert [(find.inode, find.pid) for find in unusual.in_maps({6724}, [7, 8, 9], str(tmp_path))] == [(6724, 7)]


def test_descriptors_that_wait_in_unix_sockets(tmp_path):
    put(tmp_path, "7/task/7/fdinfo/3", "pos:\t0\nscm_fds: 2\n")
    put(tmp_path, "7/task/7/fdinfo/4", "pos:\t0\nscm_fds: 0\n")
    census = Census("test")
    census.hold(1, 7, 7, 3)
    census.hold(2, 7, 7, 4)
    assert unusual.maybe_in_flight(census, str(tmp_path)) == [(7, 3, 2)]


def test_where_the_queues_may_not_be_read_that_is_said_and_the_count_remains(monkeypatch):
    def refuse(*_):
        raise CannotLook("no")

    monkeypatch.setattr(bpf_tasks, "waiting_sockets", refuse)
    census = Census("test")
    census.places, census.flights = {7: 0}, [(7, 7, 3, 2), (8, 8, 4, 0)]
    with pytest.raises(CannotLook):
        list(unusual.in_flight(census))
    assert unusual.maybe_in_flight(census) == [(7, 3, 2)]


@given(st.binary(max_size=200))
def test_strange_text_is_no_error(text):
    assert all(isinstance(inode, int) for inode in unusual.sockets_in(text))
    assert unusual.scm_fds(text) >= 0


@given(st.lists(st.integers(0, 2**32 - 1), max_size=5), st.binary(max_size=9).filter(lambda noise: b"[" not in noise))
def test_every_socket_in_a_text_is_found(inodes, noise):
    text = noise.join(b"socket:[%d]" % inode for inode in inodes)
    assert unusual.sockets_in(text) == set(inodes)


def test_a_count_that_is_no_number_is_none():
    assert unusual.scm_fds(b"scm_fds: many\n") == unusual.scm_fds(b"scm_fds: 99999999999999999999\n") == 0

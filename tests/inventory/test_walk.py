"""The walk through /proc: on a tree made here, and on processes of this machine."""

from __future__ import annotations

import os

from hb_engine.inventory.linux import walk
from hb_engine.inventory.linux.census import Census
from hb_engine.inventory.linux.memo import Memo

NOBODY = 2**22 + 1  # more than any pid can be (PID_MAX_LIMIT)


def process(root, pid, links, threads=()):
    for folder in (root / str(pid) / "fd", *[root / str(pid) / "task" / str(tid) / "fd" for tid in (pid, *threads)]):
        folder.mkdir(parents=True, exist_ok=True)
    for fd, target in links.items():
        (root / str(pid) / "fd" / str(fd)).symlink_to(target)


def test_sockets_and_rings_are_noted_and_nothing_else(tmp_path):
    process(tmp_path, 7, {0: "/dev/null", 3: "socket:[100]", 4: "anon_inode:[io_uring]", 5: "pipe:[9]"})
    found = walk.census([7], proc=str(tmp_path))
    assert found.holders == {100: [(7, 7, 3)]}
    assert found.rings == [(7, 7, 4)]
    assert found.complete


def test_every_holder_of_a_shared_socket(tmp_path):
    process(tmp_path, 7, {3: "socket:[100]"})
    process(tmp_path, 8, {9: "socket:[100]"})
    assert walk.census([7, 8], proc=str(tmp_path)).holders == {100: [(7, 7, 3), (8, 8, 9)]}


def test_threads_with_descriptors_of_their_own(tmp_path):
    pid, tid = NOBODY, NOBODY + 2  # of real tasks the kernel would be asked whether they share their table
    process(tmp_path, pid, {3: "socket:[100]"}, threads=(tid,))
    (tmp_path / f"{pid}/task/{tid}/fd/4").symlink_to("socket:[200]")
    assert walk.census([pid], proc=str(tmp_path)).holders[200] == [(pid, tid, 4)]


def test_a_large_walk_is_shared_and_finds_the_same(tmp_path, monkeypatch):
    for pid in range(100, 140):
        process(tmp_path, pid, {3: f"socket:[{pid // 2}]", 4: "anon_inode:[io_uring]"})
    alone = walk.census(range(100, 140), proc=str(tmp_path))
    monkeypatch.setattr(walk, "SHARED_FROM", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    shared = walk.census(range(100, 140), proc=str(tmp_path))
    assert {inode: sorted(grips) for inode, grips in shared.holders.items()} == alone.holders
    assert sorted(shared.rings) == alone.rings


def test_a_child_that_dies_costs_nothing_but_time(tmp_path, monkeypatch):
    for pid in range(100, 110):
        process(tmp_path, pid, {3: f"socket:[{pid}]"})
    monkeypatch.setattr(walk, "SHARED_FROM", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(walk, "_walk_for_parent", lambda *_: os._exit(3))
    assert set(walk.census(range(100, 110), proc=str(tmp_path)).holders) == set(range(100, 110))


def test_the_walk_ends_when_all_that_is_wanted_has_a_holder(tmp_path):
    process(tmp_path, 7, {3: "socket:[100]"})
    process(tmp_path, 8, {3: "socket:[200]"})
    found = walk.census([7, 8], wanted={100}, proc=str(tmp_path))
    assert (set(found.holders), found.complete) == ({100}, False)


def test_a_process_that_is_gone_is_no_error(tmp_path):
    found = walk.census([4242], proc=str(tmp_path))
    assert (found.holders, found.unread) == ({}, [])


def test_what_may_not_be_read_is_counted(tmp_path, monkeypatch):
    process(tmp_path, 7, {3: "socket:[100]"})

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "readlink", refuse)
    found = walk.census([7], proc=str(tmp_path))
    assert (found.holders, found.unread) == ({}, [7])


def test_a_descriptor_that_closes_meanwhile_is_passed_over(tmp_path, monkeypatch):
    process(tmp_path, 7, {3: "socket:[100]", 4: "socket:[200]"})
    real = os.readlink

    def closing(path):
        if path.endswith("/3"):
            raise FileNotFoundError(2, "gone", path)
        return real(path)

    monkeypatch.setattr(os, "readlink", closing)
    assert set(walk.census([7], proc=str(tmp_path)).holders) == {200}


def test_the_likely_ones_come_first_and_each_once():
    assert walk.in_order([1, 2, 3, 4], [3], [9, 4, 3]) == [3, 4, 1, 2]


def test_holders_are_remembered_for_the_next_walk(tmp_path):
    found = Census("test")
    found.hold(100, 7, 7, 3)
    found.hold(200, 5, 5, 3)
    memo = Memo(str(tmp_path))
    walk.remember(memo, found)
    assert walk.remembered(memo) == [5, 7]
    assert walk.remembered(None) == []


def test_this_process_is_found_by_its_socket():
    from tests.kit.sockets import inode_of, tcp

    with tcp(host="127.0.0.1") as one:
        found = walk.census([os.getpid()])
        assert (os.getpid(), os.getpid(), one.fileno()) in found.holders[inode_of(one)]
    assert os.getpid() in walk.all_pids()
    assert walk.threads_of(os.getpid()) >= 1
    assert walk.threads_of(2**22 + 1) == 0


def test_members_of_cgroups(tmp_path):
    (tmp_path / "cgroup.controllers").touch()
    (tmp_path / "web").mkdir()
    (tmp_path / "web/cgroup.procs").write_text("12\n13\n")
    assert walk.members({(tmp_path / "web").stat().st_ino}, str(tmp_path)) == [12, 13]
    assert walk.members(set(), str(tmp_path)) == []

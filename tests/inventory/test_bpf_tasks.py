"""The iterator on the running kernel, where it is allowed; and every way of being refused."""

from __future__ import annotations

import os

import pytest
from tests.kit.sockets import Lab, as_nobody, in_namespace, inode_of, needs_root, netns_inode, tcp, udp
from tests.kit.traps import in_flight

from hb_engine.inventory.linux import bpf_tasks, walk
from hb_engine.inventory.linux.memo import Memo
from hb_engine.model.errors import CannotLook, DataError

pytestmark = pytest.mark.slow  # the kernel's types are read, unless they are remembered


@pytest.fixture
def allowed():
    needs_root()
    try:
        bpf_tasks.census()
    except CannotLook as error:
        pytest.skip(error.message)


@pytest.mark.root
def test_this_process_is_described(allowed):
    row = bpf_tasks.census().row(os.getpid())
    assert row is not None
    exe = os.stat("/proc/self/exe")
    assert (row[1], row[2], row[3], row[6]) == (os.getpid(), os.getppid(), os.geteuid(), netns_inode())
    assert row[10] == exe.st_ino


@pytest.mark.root
def test_every_process_is_there_that_may_be_seen(allowed):
    shown = {pid for pid in walk.all_pids() if os.path.exists(f"/proc/{pid}/exe") or os.path.exists(f"/proc/{pid}")}
    found = bpf_tasks.census()
    readable = {pid for pid in shown & set(walk.all_pids()) if pid not in found.places}
    assert len(readable) <= 3  # young ones, and what a sandbox keeps to itself


@pytest.mark.root
def test_openings_are_held_and_clients_are_not(allowed):
    def work():
        server, service, client = tcp(6001, "127.0.0.1"), udp(6002), tcp(0, "127.0.0.1", listen=False)
        client.connect(("127.0.0.1", 6001))
        found = bpf_tasks.census()
        assert found.holders[inode_of(server)] == [(os.getpid(), os.getpid(), server.fileno())]
        assert inode_of(service) in found.holders
        assert inode_of(client) not in found.holders
        assert found.strangers[inode_of(server)][0] == netns_inode()
        assert found.strangers[inode_of(server)][3] == 6001
        assert found.netns[netns_inode()] == os.getpid()

    in_namespace(work)


@pytest.mark.root
def test_sockets_on_their_way_are_found_in_the_queue(allowed):
    def work():
        with Lab() as lab:
            holder = lab.start(in_flight)
            waiting = bpf_tasks.waiting_sockets([holder.pid])
            assert [(inode, pid) for inode, pid, _ in waiting] == [(holder.facts["inode"], holder.pid)]

    in_namespace(work)


@pytest.mark.root
def test_offsets_are_remembered_until_the_kernel_changes(allowed, tmp_path, monkeypatch):
    memo = Memo(str(tmp_path))
    first = bpf_tasks.offsets(memo)
    monkeypatch.setattr(bpf_tasks, "read_offsets", lambda _: pytest.fail("read again"))
    assert bpf_tasks.offsets(memo) == first
    monkeypatch.setattr(bpf_tasks, "NOTES_FILE", __file__)  # another kernel
    with pytest.raises(pytest.fail.Exception):
        bpf_tasks.offsets(memo)


@pytest.mark.root
def test_a_memory_that_was_damaged_is_refused_by_the_verifier_and_not_believed(allowed, tmp_path):
    memo = Memo(str(tmp_path))
    at = bpf_tasks.offsets(memo)
    stamp = next(iter(memo._used["kernel-offsets"]))
    memo.put("kernel-offsets", stamp, "\n".join(f"{name}\tx" for name in at))
    with pytest.raises(CannotLook):
        bpf_tasks.census(memo)


def test_switched_off(monkeypatch):
    monkeypatch.setenv(bpf_tasks.SWITCH, "no")
    with pytest.raises(CannotLook, match="switched off"):
        bpf_tasks.census()


def test_without_btf(monkeypatch, tmp_path):
    monkeypatch.setattr(bpf_tasks, "BTF_FILE", str(tmp_path / "none"))
    with pytest.raises(CannotLook) as raised:
        bpf_tasks.census()
    assert "/proc is read instead" in raised.value.remedy


def test_btf_without_what_is_needed():
    with pytest.raises(DataError):
        bpf_tasks.read_offsets(b"no BTF at all")


@pytest.mark.root
def test_nobody_is_refused_and_told_why():
    needs_root()

    def work():
        with pytest.raises(CannotLook) as raised:
            bpf_tasks.census()
        return raised.value.message, raised.value.remedy

    message, remedy = as_nobody(work)
    assert "could not be used" in message
    assert "CAP_BPF" in remedy

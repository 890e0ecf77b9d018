"""Programs that choose sockets: a real one, and kernels that refuse or change their mind."""

from __future__ import annotations

import ctypes
import errno
import os
from struct import Struct

import pytest
from tests.kit.sockets import as_nobody, in_namespace, needs_root, netns_inode

from hb_engine.inventory.linux import bpf_links, collect, syscalls
from hb_engine.inventory.linux.bpf_links import INFO_BY_FD, LINK_FD_BY_ID, LINK_NEXT_ID, PROG_FD_BY_ID, Link
from hb_engine.model.opening import Netns

ID = Struct("=II")


@pytest.fixture(autouse=True)
def _allowed(monkeypatch):
    monkeypatch.delenv(bpf_links.SWITCH, raising=False)


class Kernel:
    """A kernel with links out of a test's head: number -> (type, program, first and second field), None for one that
    goes meanwhile."""

    def __init__(self, **links) -> None:
        self.links = {int(name[1:]): link for name, link in links.items()}
        self.open: dict[int, tuple[str, int]] = {}

    def __call__(self, command, attr, info) -> bytes:
        number = ID.unpack_from(attr)[0]
        if command == LINK_NEXT_ID:
            following = [one for one in sorted(self.links) if one > number]
            if not following:
                raise FileNotFoundError(errno.ENOENT, "none")
            return ID.pack(number, following[0])
        if command in (LINK_FD_BY_ID, PROG_FD_BY_ID):
            if command == LINK_FD_BY_ID and self.links[number] is None:
                raise FileNotFoundError(errno.ENOENT, "gone")
            fd = os.open(os.devnull, os.O_RDONLY)
            self.open[fd] = ("link" if command == LINK_FD_BY_ID else "program", number)
            return ID.pack(fd, 0)
        assert command == INFO_BY_FD
        kind, which = self.open[number]
        if kind == "link":
            told, program, first, second = self.links[which]
            info[:24] = Struct("=III4xII").pack(told, which, program, first, second)
        else:
            info[48:80] = Struct("=I12x16s").pack(1000, b"chooser\0junk")
        return bytes(attr)


def test_only_what_decides_about_incoming_traffic_counts():
    kernel = Kernel(n3=(5, 7, 4711, 36), n4=(5, 8, 4711, 17), n5=(4, 9, 0, 0), n8=None, n9=(6, 9, 2, 0))
    links, (gap,), sources = bpf_links.look(kernel)
    assert links == (Link("sk_lookup", 4711, "chooser", 1000), Link("XDP", 0, "", 0))
    assert (gap.about, "XDP" in gap.what) == ("redirect forward bpf", True)
    assert sources == ("bpf links",)
    for fd in kernel.open:
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(fd)  # nothing stays open


def test_a_machine_without_any():
    assert bpf_links.look(Kernel()) == ((), (), ("bpf links",))


def test_one_is_told_without_a_port_and_in_its_namespace():
    home = Netns(4711, "", "host")
    tcp, udp = bpf_links.openings((Link("sk_lookup", 4711, "chooser", 0), Link("XDP", 0, "", 0)), {4711: home})
    assert (tcp.key, udp.transport) == ("tcp/public/sk_lookup/kernel:BPF sk_lookup chooser/host", "udp")
    assert (tcp.kind, tcp.port, tcp.families) == ("bpf", None, ("ipv4", "ipv6"))
    assert bpf_links.openings((Link("sk_lookup", 9, "", 0),), {})[0].netns == Netns(9, "", "private")


def test_a_refusal_is_a_gap():
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    (), (gap,), sources = bpf_links.look(refuse)
    assert (gap.about, sources) == ("bpf", ())
    assert "Operation not permitted" in gap.why


def test_whoever_switched_bpf_off_is_obeyed(monkeypatch):
    monkeypatch.setenv(bpf_links.SWITCH, "no")
    (), (gap,), _ = bpf_links.look(Kernel(n3=(5, 7, 4711, 36)))
    assert "HB_BPF" in gap.why


def attached(kind, name, attach, target):
    """Load a program that lets everything pass, and attach it; it goes with this process. Skips where it cannot be."""
    code = Struct("<BBhi").pack(0xB7, 0, 0, 1) + Struct("<BBhi").pack(0x95, 0, 0, 0)  # r0 = 1; exit
    steps, licence = ctypes.create_string_buffer(code), ctypes.create_string_buffer(b"GPL")
    layout = Struct("<IIQQIIQII16sII")
    attr = layout.pack(kind, 2, ctypes.addressof(steps), ctypes.addressof(licence), 0, 0, 0, 0, 0, name, 0, attach)
    try:
        return syscalls.bpf(28, Struct("<IIII").pack(syscalls.bpf(5, attr), target, attach, 0))
    except OSError as error:
        pytest.skip(f"this kernel attaches no such program: {error}")


@pytest.mark.root
@pytest.mark.slow
def test_a_real_program_that_chooses_sockets():
    needs_root()

    def work():
        before = [one for one in collect.collect().openings if one.kind == "bpf" and one.netns.id == netns_inode()]
        attached(30, b"hb_chooser", 36, os.open("/proc/thread-self/ns/net", os.O_RDONLY))
        seen = collect.collect()
        mine = [one for one in seen.openings if one.kind == "bpf" and one.netns.id == netns_inode()]
        one = [one for one in collect.collect(frozenset((9,))).openings if one.kind == "bpf"]
        return before, mine, bool(one), as_nobody(bpf_links.look)

    before, mine, one, nobodys = in_namespace(work)
    assert before == []
    assert [opening.unowned.detail for opening in mine] == ["BPF sk_lookup hb_chooser"] * 2
    assert one, "whichever port is asked about, it may be one of its"
    assert [gap.about for gap in nobodys[1]] == ["bpf"]

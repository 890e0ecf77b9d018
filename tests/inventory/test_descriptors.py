"""Sockets asked through another process's descriptor: where they live and what they are."""

from __future__ import annotations

import os
import socket

import pytest
from tests.kit import sockets as kit
from tests.kit import traps

from hb_engine.inventory.linux import descriptors
from hb_engine.inventory.linux.descriptors import socket_netns
from hb_engine.inventory.linux.sockets import dump
from hb_engine.model.errors import CannotLook
from hb_engine.model.record import fields_of

ASKED = (
    traps.bound_only, traps.multipath, traps.on_device, traps.transparent, traps.mapped_address, traps.raw_ip,
    traps.knock_filter, traps.vsock, traps.express_data_path, traps.other_namespace, traps.connected_udp,
    traps.private_table,
)  # fmt: skip


def ask(pid, fd):
    netns, row = socket_netns(pid, fd)
    inode = os.fstat(netns).st_ino
    os.close(netns)
    return inode, row


def look():
    """What descriptors say, what the dump says, and how many descriptors are open before and after."""
    with kit.Lab() as lab:
        holders = {maker.__name__: lab.start(maker) for maker in ASKED}
        before = len(os.listdir("/proc/self/fd"))
        said = {
            name: ask(holder.facts.get("tid", holder.pid), holder.facts["fd"])
            for name, holder in holders.items()
            if "fd" in holder.facts and "tid" not in holder.facts
        }
        after = len(os.listdir("/proc/self/fd"))
        facts = {name: holder.facts for name, holder in holders.items()}
        return kit.netns_inode(), facts, said, dump(kit.netns_inode()).sockets, before, after


@pytest.fixture(scope="module")
def seen():
    kit.needs_root()
    return kit.in_namespace(look)


@pytest.mark.root
@pytest.mark.parametrize("trap", ["bound_only", "multipath", "on_device", "transparent", "mapped_address"])
def test_a_descriptor_says_what_the_dump_says(seen, trap):
    here, facts, said, rows, _, _ = seen
    netns, row = said[trap]
    listed = next((one for one in rows if one.inode == facts[trap]["inode"]), None)
    if listed is None:
        pytest.skip("this kernel does not list it")
    assert netns == here
    same = set(fields_of(row)) - {"source", "cgroup", "cookie"}
    assert {name: getattr(row, name) for name in same} == {name: getattr(listed, name) for name in same}
    assert row.cookie == listed.cookie or trap == "multipath"  # the row of the table is the first subflow's
    assert row.source == "descriptor"


@pytest.mark.root
def test_raw_and_packet_sockets(seen):
    _, _, said, _, _, _ = seen
    raw, tap = said["raw_ip"][1], said["knock_filter"][1]
    assert (raw.transport, raw.port, raw.protocol, raw.state) == ("raw", None, 6, "unconnected")
    assert (tap.transport, tap.family, tap.protocol, tap.state) == ("packet", "packet", 0x0800, "tap")


@pytest.mark.root
def test_families_that_no_table_of_this_kernel_has(seen):
    _, facts, said, _, _, _ = seen
    if "missing" in facts["vsock"] or "missing" in facts["express_data_path"]:
        pytest.skip("no vsock or AF_XDP here")
    vsock, xdp = said["vsock"][1], said["express_data_path"][1]
    assert (vsock.transport, vsock.address, vsock.port, vsock.state) == ("vsock", b"\xff" * 4, 5017, "listen")
    assert (xdp.transport, xdp.family, xdp.flags, xdp.inode) == (
        "packet", "xdp", ("xdp",), facts["express_data_path"]["inode"],
    )  # fmt: skip


@pytest.mark.root
def test_a_socket_from_another_namespace_names_it(seen):
    here, facts, said, _, _, _ = seen
    netns, row = said["other_namespace"]
    assert netns == facts["other_namespace"]["netns"] != here
    assert (row.port, row.state, row.netns, row.inode) == (5006, "listen", netns, facts["other_namespace"]["inode"])


@pytest.mark.root
def test_a_connected_socket_says_so(seen):
    assert seen[2]["connected_udp"][1].state == "connected"


@pytest.mark.root
def test_no_descriptor_is_left_open(seen):
    _, _, _, _, before, after = seen
    assert before == after


def rows_of(*made):
    found = []
    for one in made:
        netns, row = socket_netns(os.getpid(), one.fileno())
        os.close(netns)
        found.append(row)
    return found


def own_sockets():
    with socket.socket() as unbound, socket.socket(socket.AF_UNIX) as unix, kit.packet() as tap, kit.udp(7100) as udp:
        tap.bind(("lo", 0x0800))
        group = kit.tcp(7101, options=((socket.SOL_SOCKET, socket.SO_REUSEPORT),))
        silent = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        return rows_of(unbound, unix, tap, udp, group, silent)


@pytest.mark.root
def test_sockets_of_every_other_sort():
    kit.needs_root()
    unbound, unix, tap, udp, group, silent = kit.in_namespace(own_sockets)
    assert unbound is unix is None
    assert (tap.ifindex, tap.state) == (1, "tap")
    assert (udp.port, udp.state, udp.v6only) == (7100, "unconnected", None)
    assert group.flags == ("reuseport",)
    assert silent.state == "unconnected"


@pytest.mark.root
def test_what_is_no_socket_or_not_there():
    kit.needs_root()
    reader, writer = os.pipe()
    try:
        with pytest.raises(CannotLook, match=f"descriptor {reader} of process"):
            socket_netns(os.getpid(), reader)
    finally:
        os.close(reader)
        os.close(writer)
    with pytest.raises(CannotLook):
        socket_netns(os.getpid(), 1 << 20)


def test_a_process_that_is_gone():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    with pytest.raises(CannotLook) as caught:
        socket_netns(pid, 0)
    assert caught.value.remedy


@pytest.mark.root
def test_nobody_may_not_ask_others():
    kit.needs_root()

    def ask_parent():
        try:
            socket_netns(os.getppid(), 0)
        except CannotLook as error:
            return error.message, error.remedy
        return "", ""

    message, remedy = kit.as_nobody(ask_parent)
    assert "ermitted" in message or "denied" in message
    assert remedy == "run as root"


def test_transports_by_domain_type_and_protocol():
    assert descriptors._transport(2, 1, 132) == "sctp"
    assert descriptors._transport(10, 3, 58) == "raw"
    assert descriptors._transport(2, 2, 1) == ""  # a ping socket
    assert descriptors._transport(1, 1, 0) == ""

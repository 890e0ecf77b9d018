"""The receiving ring's filter, run: by a machine of thirty lines that follows bpf(4), and by the kernel's own."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.network import packet4

from hb_engine.scan.linux.rings import attach
from hb_engine.wire import cbpf, ip

FIRST, LAST = 61000, 61063
HERE, THERE = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))


def run(program, packet):
    """How many bytes of a packet pass: a classic BPF machine, as in "The BSD Packet Filter" (1993), 3."""
    steps, at, a, x = [struct.unpack_from("=HBBI", program, n) for n in range(0, len(program), 8)], 0, 0, 0
    for _ in range(len(steps)):
        operation, yes, no, k = steps[at]
        at += 1
        if operation == 0x06:
            return k
        if operation in (0x30, 0x28, 0x50, 0x48):
            size, place = (2 if operation & 0x08 else 1), k + (x if operation & 0x40 else 0)
            if place + size > len(packet):
                return 0  # a load past the end rejects the packet
            a = int.from_bytes(packet[place : place + size], "big")
        elif operation == 0xB1:
            if k >= len(packet):
                return 0
            x = (packet[k] & 15) * 4
        else:
            test = {0x15: a == k, 0x25: a > k, 0x35: a >= k, 0x45: bool(a & k)}[operation]
            at += yes if test else no
    raise AssertionError("the program ran off its end")


def tcp_to(port):
    return struct.pack("!HHII", 443, port, 1, 2) + bytes(8)


def v6(protocol, payload):
    return ip.header(HERE * 4, THERE * 4, protocol, len(payload)) + payload


def fragment(packet, field):
    return packet[:6] + struct.pack("!H", field) + packet[8:]


V4_CASES = {
    "first port": (packet4(HERE, THERE, 6, tcp_to(FIRST)), True),
    "last port": (packet4(HERE, THERE, 6, tcp_to(LAST)), True),
    "the port before": (packet4(HERE, THERE, 6, tcp_to(FIRST - 1)), False),
    "the port after": (packet4(HERE, THERE, 6, tcp_to(LAST + 1)), False),
    "options of IP": (packet4(HERE, THERE, 6, tcp_to(FIRST), bytes(12)), True),
    "unreachable": (packet4(HERE, THERE, 1, b"\x03\x01" + bytes(34)), True),
    "time exceeded": (packet4(HERE, THERE, 1, b"\x0b\x00" + bytes(34)), True),
    "ping": (packet4(HERE, THERE, 1, b"\x08\x00" + bytes(34)), False),
    "UDP to the same port": (packet4(HERE, THERE, 17, tcp_to(FIRST)), False),
    "a later fragment": (fragment(packet4(HERE, THERE, 6, tcp_to(FIRST)), 0x0010), False),
    "do not fragment": (fragment(packet4(HERE, THERE, 6, tcp_to(FIRST)), 0x4000), True),
}
V6_CASES = {
    "first port": (v6(6, tcp_to(FIRST)), True),
    "last port": (v6(6, tcp_to(LAST)), True),
    "the port before": (v6(6, tcp_to(FIRST - 1)), False),
    "the port after": (v6(6, tcp_to(LAST + 1)), False),
    "unreachable": (v6(58, b"\x01\x04" + bytes(50)), True),
    "time exceeded": (v6(58, b"\x03\x00" + bytes(50)), True),
    "neighbour advertisement": (v6(58, b"\x88\x00" + bytes(50)), False),
    "UDP": (v6(17, tcp_to(FIRST)), False),
}
CASES = [(4, *one) for one in V4_CASES.values()] + [(6, *one) for one in V6_CASES.values()]
NAMES = [f"v4 {name}" for name in V4_CASES] + [f"v6 {name}" for name in V6_CASES]


@pytest.mark.parametrize(("version", "packet", "passes"), CASES, ids=NAMES)
def test_what_passes(version, packet, passes):
    program = cbpf.answers(version, FIRST, LAST)
    assert run(program, packet) == (cbpf.WHOLE if passes else 0)


@given(st.binary(max_size=80), st.sampled_from((4, 6)))
def test_any_bytes_end_the_program(packet, version):
    assert run(cbpf.answers(version, FIRST, LAST), packet) in (0, cbpf.WHOLE)


@pytest.mark.parametrize("version", [4, 6])
def test_no_cut_packet_of_another_kind_passes(version):
    for _, packet, passes in CASES:
        for size in range(len(packet)):
            if run(cbpf.answers(version, FIRST, LAST), packet[:size]):
                assert passes or version != packet[0] >> 4


@pytest.mark.parametrize("version", [4, 6])
def test_the_kernel_takes_the_program_and_runs_it_alike(version):
    """The filter of a Unix socket sees just what is sent through it."""
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with left, right:
        right.setblocking(False)
        attach(right, cbpf.answers(version, FIRST, LAST))
        for kind, packet, passes in CASES:
            if kind == version:
                assert heard(left, right, packet) == passes


def heard(left, right, packet):
    """Whether the kernel's filter lets a packet through; what it drops, a Unix socket refuses to send."""
    try:
        left.send(packet)
        return right.recv(4096) == packet
    except (PermissionError, BlockingIOError):
        return False


def test_a_label_that_is_nowhere_is_an_error():
    with pytest.raises(KeyError):
        cbpf.assemble([(cbpf.JUMP_EQ, "nowhere", "", 0, "")])

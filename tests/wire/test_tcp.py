"""SYNs in pieces: each checksum is computed a second time, slowly, and a real kernel takes the whole."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import sockets as kit
from tests.kit.network import pseudo, total

from hb_engine.wire import ip, tcp

PORT = st.integers(0, 65535)
NUMBER = st.integers(0, 2**32 - 1)
ADDRESSES = st.sampled_from((4, 16)).flatmap(
    lambda size: st.tuples(st.binary(min_size=size, max_size=size), st.binary(min_size=size, max_size=size))
)


@given(ADDRESSES, PORT, PORT, NUMBER, NUMBER)
def test_checksums_are_right_whatever_is_asked(addresses, source_port, port, number, stamp):
    source, target = addresses
    packet = tcp.syn(source, target, stamp).packed(source_port, port, number)
    head = 20 if len(source) == 4 else 40
    assert total(pseudo(source, target, 6, packet[head:])) == 0
    assert struct.unpack_from("!HHII", packet, head) == (source_port, port, number, 0)


def test_an_ordinary_clients_syn():
    packet = tcp.syn(bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)), 0x01020304).packed(61000, 22, 7)
    segment = packet[20:]
    assert len(segment) == tcp.HEADER == segment[12] // 16 * 4
    assert segment[13] == tcp.SYN
    assert int.from_bytes(segment[14:16], "big") == 64240
    assert options(segment[20:]) == {2: b"\x05\xb4", 4: b"", 8: b"\1\2\3\4\0\0\0\0", 3: b"\7"}


def options(data):
    """Options by kind, read as RFC 9293 3.2 says."""
    found, at = {}, 0
    while at < len(data) and data[at]:
        if data[at] == 1:
            at += 1
            continue
        found[data[at]] = data[at + 2 : at + data[at + 1]]
        at += data[at + 1]
    return found


@given(NUMBER, PORT, PORT, NUMBER)
def test_a_frames_checksum_is_a_sum_of_what_changes(base, source_port, port, number):
    """The engine computes it in place, from `base`: the same number as in one piece."""
    found = tcp.checksum(base % 65535 + source_port, port, number)
    assert 1 <= found <= 65535, "0 would stand for no checksum in UDP; here both zeros of ones' complement are one"
    words = base % 65535 + source_port + port + (number >> 16) + (number & 0xFFFF) + found
    assert words % 65535 == 0


def test_pieces_are_the_whole():
    made = tcp.syn(bytes(16), bytes(15) + b"\1", 9)
    packet = made.packed(1, 2, 3)
    assert packet.startswith(made.head)
    assert packet.endswith(made.tail)
    assert len(packet) == len(made.head) + struct.calcsize("!" + tcp.LAYOUT) + len(made.tail)


@pytest.mark.root
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["v4", "v6"])
def test_a_kernel_answers(family):
    kit.needs_root()
    assert kit.in_namespace(handshake, family, True) == tcp.SYN | tcp.ACK


@pytest.mark.root
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["v4", "v6"])
def test_a_kernel_ignores_a_wrong_checksum(family):
    """Which shows that it looked at ours."""
    kit.needs_root()
    assert kit.in_namespace(handshake, family, False) is None


def handshake(family, right):
    """The flags of what loopback's kernel answers to our SYN."""
    four = family == socket.AF_INET
    host = "127.0.0.1" if four else "::1"
    address = socket.inet_pton(family, host)
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    if not four:
        raw.setsockopt(socket.IPPROTO_IPV6, 36, 1)
    hears = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
    hears.settimeout(5 if right else 0.1)
    with raw, hears, socket.create_server((host, 0), family=family) as server:
        port = server.getsockname()[1]
        packet = bytearray(tcp.syn(address, address).packed(61000, port, 0xFFFFFFFF))
        packet[-20 - 4] ^= 0 if right else 1
        raw.sendto(bytes(packet), (host, 0))
        return answer(hears, 20 if four else 0, port)


def answer(hears, skip, port):
    while True:
        try:
            segment = hears.recv(2048)[skip:]
        except TimeoutError:
            return None
        source, _, _, acknowledged = struct.unpack_from("!HHII", segment)
        if source == port:
            assert acknowledged == 0, "the number after 0xffffffff"
            return segment[13]


def test_both_versions_have_the_length_that_the_engine_reckons_with():
    for size, head in ((4, 20), (16, 40)):
        assert len(tcp.syn(bytes(size), bytes(size)).packed(1, 2, 3)) == head + tcp.HEADER
    assert ip.TCP == 6

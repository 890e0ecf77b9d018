"""IP headers against a slow checksum and a real packet, and ICMP errors that quote everything, half, or nonsense."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.network import packet4, total

from hb_engine.scan.board import CODES
from hb_engine.wire import ip

V4 = st.binary(min_size=4, max_size=4)
V6 = st.binary(min_size=16, max_size=16)
HERE, THERE = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))
SYN = struct.pack("!HHI", 61000, 443, 0xDEADBEEF) + bytes(32)


@given(st.binary(max_size=200))
def test_the_sum_is_that_of_rfc_1071(data):
    """Modulo 65535, so that 0 and 65535 are the same number, as in ones' complement."""
    assert (65535 - ip.total(data)) % 65535 == total(data) % 65535


def test_the_example_of_rfc_1071():
    assert ip.total(bytes.fromhex("0001f203f4f5f6f7")) == 0xDDF2


@given(V4, V4, st.integers(0, 255), st.integers(0, 65515))
def test_a_header_of_version_4_is_whole(source, target, protocol, size):
    head = ip.header(source, target, protocol, size)
    assert total(head) == 0, "a header with its checksum sums up to nothing"
    first, _, length, _, fragment, hops, number, _ = struct.unpack_from("!BBHHHBBH", head)
    assert (first, length, fragment, hops, number) == (0x45, 20 + size, 0x4000, 64, protocol)
    assert (head[12:16], head[16:20]) == (source, target)


@given(V6, V6, st.integers(0, 255), st.integers(0, 65535))
def test_a_header_of_version_6_is_whole(source, target, protocol, size):
    head = ip.header(source, target, protocol, size)
    assert (head[0] >> 4, len(head), head[6], head[7]) == (6, 40, protocol, 64)
    assert (int.from_bytes(head[4:6], "big"), head[8:24], head[24:]) == (size, source, target)


# -- what an ICMP error says

V4_ERRORS = [
    (3, 0, "net-unreach"),
    (3, 1, "host-unreach"),
    (3, 2, "proto-unreach"),
    (3, 3, "port-unreach"),
    (3, 5, "host-unreach"),  # source route failed: as any that is not listed
    (3, 9, "admin-prohibited"),
    (3, 10, "admin-prohibited"),
    (3, 13, "admin-prohibited"),
    (11, 0, "time-exceeded"),
    (11, 1, "time-exceeded"),
    (0, 0, None),  # an echo reply is no error
    (5, 1, None),  # nor is a redirect
]
V6_ERRORS = [
    (1, 0, "net-unreach"),
    (1, 1, "admin-prohibited"),
    (1, 3, "host-unreach"),
    (1, 4, "port-unreach"),
    (1, 5, "admin-prohibited"),
    (1, 6, "admin-prohibited"),
    (3, 0, "time-exceeded"),
    (129, 0, None),
    (135, 0, None),  # neighbour solicitation
]


@pytest.mark.parametrize(
    ("version", "kind", "code", "reason"), [(4, *one) for one in V4_ERRORS] + [(6, *one) for one in V6_ERRORS]
)
def test_reasons(version, kind, code, reason):
    assert ip.reason_of(kind, code, version=version) == reason
    assert reason is None or reason in CODES


@given(st.integers(0, 255), st.integers(0, 255), st.sampled_from((4, 6)))
def test_every_reason_has_a_code_on_the_board(kind, code, version):
    reason = ip.reason_of(kind, code, version=version)
    assert reason is None or reason in CODES


def quote4(options=b"", kind=3, code=1):
    return bytes((kind, code, 0, 0, 0, 0, 0, 0)) + packet4(HERE, THERE, 6, SYN, options)


def quote6(kind=1, code=3):
    return bytes((kind, code, 0, 0, 0, 0, 0, 0)) + ip.header(HERE * 4, THERE * 4, 6, len(SYN)) + SYN


@pytest.mark.parametrize("options", [b"", b"\x94\4\0\0", bytes(40)], ids=["plain", "router alert", "full"])
def test_what_version_4_quotes(options):
    found = ip.quoted(quote4(options), version=4)
    assert found == ip.Quoted("host-unreach", THERE, 6, 61000, 443, 0xDEADBEEF)


def test_what_version_6_quotes():
    assert ip.quoted(quote6(), version=6) == ip.Quoted("host-unreach", THERE * 4, 6, 61000, 443, 0xDEADBEEF)


@pytest.mark.parametrize(
    ("version", "message", "needed"), [(4, quote4(), 36), (4, quote4(bytes(8)), 44), (6, quote6(), 56)]
)
def test_a_quote_may_end_anywhere(version, message, needed):
    """RFC 792 asks for 8 bytes of the payload: with those it is read, with fewer it is nothing, and nothing raises."""
    for size in range(len(message) + 1):
        found = ip.quoted(message[:size], version=version)
        assert (found is not None) == (size >= needed), size


def test_a_header_that_says_it_is_shorter_than_a_header():
    message = bytearray(quote4())
    message[8] = 0x44
    assert ip.quoted(bytes(message), version=4) is None


@given(st.binary(max_size=120), st.sampled_from((4, 6)))
def test_nothing_that_comes_raises(message, version):
    found = ip.quoted(message, version=version)
    assert found is None or len(found.target) == (4 if version == 4 else 16)


@given(st.binary(max_size=100))
def test_nothing_behind_an_error_raises(tail):
    for head, version in ((b"\x03\x01", 4), (b"\x0b\x00", 4), (b"\x01\x03", 6), (b"\x03\x00", 6)):
        ip.quoted(head + tail, version=version)

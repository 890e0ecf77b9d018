"""Matches and targets of iptables in their binary forms, as a kernel sent them, and cut short."""

from __future__ import annotations

from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import xtables
from hb_engine.wire.xtables import Ports, Target

TCP, UDP = Struct("=HHHHBBBB"), Struct("=HHHHB")
RANGE = Struct("=I16s16s2s2s")


@pytest.mark.parametrize(
    ("name", "info", "told"),
    [
        ("tcp", TCP.pack(0, 65535, 80, 90, 0, 0, 0, 0), Ports(((80, 90),))),
        ("tcp", TCP.pack(0, 65535, 80, 80, 0, 0, 0, 2), Ports(((80, 80),), inverted=True)),
        ("tcp", TCP.pack(5, 9, 0, 65535, 0, 0, 0, 1), Ports(((0, 65535),))),
        ("udp", UDP.pack(0, 65535, 53, 53, 0) + b"\0", Ports(((53, 53),))),
        ("udp", UDP.pack(0, 65535, 53, 53, 0)[:-1], None),
        ("tcp", b"", None),
        ("comment", bytes(256), None),
    ],
)
def test_ports_of_tcp_and_udp(name, info, told):
    assert xtables.ports(name, 0, info) == told


def multiport(kind, numbers, spans=(), inverted=0):
    numbers, spans = list(numbers), list(spans)
    padded = numbers + [0] * (15 - len(numbers)), spans + [0] * (15 - len(spans))
    return Struct("=BB15H15BB").pack(kind, len(numbers), *padded[0], *padded[1], inverted)


def test_multiport_has_ports_and_ranges():
    assert xtables.ports("multiport", 1, multiport(1, (1, 2, 5, 9), (0, 0, 1, 0))) == Ports(((1, 1), (2, 2), (5, 9)))
    assert xtables.ports("multiport", 1, multiport(2, (7,), inverted=1)) == Ports(((7, 7),), inverted=True)
    assert xtables.ports("multiport", 1, multiport(0, (7,))) is None  # source ports
    assert xtables.ports("multiport", 0, multiport(1, (7,))) is None  # another form
    assert xtables.ports("multiport", 1, multiport(1, (7,), (1,))) == Ports(((7, 7),))  # a range without its end


def test_addresses_of_this_machine_only():
    info = Struct("=HHI")
    assert xtables.only_local("addrtype", 1, info.pack(0, 4, 0))
    assert not xtables.only_local("addrtype", 1, info.pack(0, 4, 2))  # all but those
    assert not xtables.only_local("addrtype", 1, info.pack(0, 8, 0))  # broadcast
    assert not xtables.only_local("addrtype", 0, info.pack(0, 4, 0))
    assert not xtables.only_local("tcp", 1, info.pack(0, 4, 0))


def test_where_targets_lead():
    four, six = bytes((172, 17, 0, 2)), b"\xfd" + bytes(14) + b"\2"
    wide = RANGE.pack(3, four.ljust(16, b"\0"), four.ljust(16, b"\0"), b"\0\x50", b"\0\x50")
    assert xtables.target("DNAT", 2, wide + bytes(4), wide=False) == Target(four, 80, 80)
    assert xtables.target("DNAT", 2, RANGE.pack(1, six, six, b"\0\0", b"\0\0"), wide=True) == Target(six)
    old = Struct("=II4s4s2s2s").pack(1, 2, bytes(4), bytes(4), b"\0\x50", b"\0\x5a")
    assert xtables.target("REDIRECT", 0, old, wide=False) == Target(b"", 80, 90)
    assert xtables.target(
        "REDIRECT", 0, RANGE.pack(2, bytes(16), bytes(16), b"\0\x50", b"\0\x50"), wide=True
    ) == Target(b"", 80, 80)
    assert xtables.target("REDIRECT", 0, old[:-1], wide=False) is None
    assert xtables.target("MASQUERADE", 0, old, wide=False) is None


def test_the_transparent_proxy():
    new = Struct("=II16s2s")
    assert xtables.target("TPROXY", 1, new.pack(0, 0, bytes(16), b"\0\x54"), wide=False) == Target(b"", 84, 84)
    home = bytes((127, 0, 0, 1))
    assert xtables.target("TPROXY", 0, Struct("=II4s2s").pack(0, 0, home, b"\0\x54"), wide=False) == Target(
        home, 84, 84
    )
    assert xtables.target("TPROXY", 1, b"", wide=True) is None


@given(
    st.sampled_from(("tcp", "udp", "multiport", "addrtype", "REDIRECT", "DNAT", "TPROXY")),
    st.integers(0, 3),
    st.binary(max_size=80),
)
def test_no_bytes_raise(name, revision, info):
    xtables.ports(name, revision, info)
    xtables.only_local(name, revision, info)
    for wide in (False, True):
        found = xtables.target(name, revision, info, wide=wide)
        assert found is None or (0 <= found.first < 65536 and len(found.address) in (0, 4, 16))

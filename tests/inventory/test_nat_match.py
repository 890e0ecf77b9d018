"""Conditions, narrowed step by step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.inventory.linux import nat_match
from hb_engine.inventory.linux.nat_match import Match

RANGES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: (min(pair), max(pair))), max_size=6
)


def within(ranges, port):
    return any(low <= port <= high for low, high in ranges)


@given(RANGES)
def test_the_others_are_all_that_are_in_none(ranges):
    other = nat_match.others(ranges)
    assert all(within(ranges, port) != within(other, port) for port in (*range(302), 40000, 65535))
    assert all(low <= high for low, high in other)


@given(RANGES, RANGES)
def test_ports_are_narrowed_to_what_both_allow(first, second):
    told = nat_match.narrowed_ports(Match(ports=tuple(first)), tuple(second))
    ports = told[0].ports if told else ()
    for port in range(302):
        assert within(ports, port) == (within(first, port) and within(second, port))


def test_transports_are_narrowed_and_can_be_none():
    both = nat_match.transported(Match(), ("tcp", "udp"))
    assert both == Match(transports=("tcp", "udp"))
    assert nat_match.transported(both, ("udp",)) == Match(transports=("udp",))
    assert nat_match.transported(Match(transports=("tcp",)), ("udp",)) is None


@pytest.mark.parametrize(
    ("field", "data", "told"),
    [
        ("dport", b"\0\x50", [Match(ports=((80, 80),))]),
        ("l4proto", b"\x06", [Match(transports=("tcp",))]),
        ("l4proto", b"\x01", []),  # ICMP has no ports
        ("nfproto", b"\x02", [Match(family="ipv4")]),
        ("nfproto", b"\x07", [Match(family="?")]),
        ("iifname", b"eth0\0\0", [Match(devices=("eth0",))]),
        ("iifname", b"eth", [Match(devices=("eth*",))]),
        ("ct", b"\x08", [Match(further=("its connection",))]),
        ("", b"\0", [Match()]),
    ],
)
def test_one_field_of_one_value(field, data, told):
    assert nat_match.narrowed(Match(), field, data) == told


def test_addresses_are_of_their_family_and_may_be_prefixes():
    four, six = Match(family="ipv4"), Match(family="ipv6")
    assert nat_match.narrowed(four, "daddr", b"\xc0\0\2\1")[0].addresses == ((b"\xc0\0\2\1", 32),)
    assert nat_match.narrowed(four, "daddr", b"\xc0\0\2")[0].addresses == ((b"\xc0\0\2\0", 24),)
    assert nat_match.narrowed(six, "daddr/64", b"\xfd" + bytes(15))[0].addresses == ((b"\xfd" + bytes(15), 64),)
    assert nat_match.narrowed(four, "nfproto", b"\x0a") == []


def test_words_are_kept_once():
    assert nat_match.further(nat_match.further(Match(), "a"), "b", "a").further == ("a", "b")

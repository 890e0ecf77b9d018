"""Sets of addresses: the laws of sets, places and back, and a /8 that costs nothing."""

from __future__ import annotations

import ipaddress
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan.addresses import AddressSet, Range, is_octet, network, number_of, packed, text

SMALL = 40  # a universe in which everything can be listed: numbers of both families, two zones


def number(word):
    """An address as a number."""
    found = number_of(word)
    assert found is not None
    return found[1]


FAMILIES = st.sampled_from([(4, ""), (6, ""), (6, "eth0")])


@st.composite
def ranges(draw, spaces=FAMILIES):
    family, zone = draw(spaces)
    first = draw(st.integers(0, SMALL - 1))
    return Range(family, first, draw(st.integers(first, SMALL - 1)), zone)


def sets(spaces=FAMILIES):
    return st.lists(ranges(spaces), max_size=6).map(AddressSet)


PLAIN = sets(st.sampled_from([(4, ""), (6, "")]))


def members(some):
    return set(some)


@given(PLAIN, PLAIN)
def test_sets_obey_the_laws_of_sets(left, right):
    assert members(left | right) == members(left) | members(right)
    assert members(left & right) == members(left) & members(right)
    assert members(left - right) == members(left) - members(right)
    assert (left - right) | (left & right) == left
    assert left - left == AddressSet()
    assert (left | right) - right == left - right
    assert bool(left) == bool(members(left))


@given(PLAIN, PLAIN, PLAIN)
def test_de_morgan(one, two, three):
    assert one - (two | three) == (one - two) & (one - three)
    assert one - (two & three) == (one - two) | (one - three)


@given(sets())
def test_ranges_are_ordered_disjoint_and_apart(some):
    for before, after in zip(some.ranges, some.ranges[1:], strict=False):
        same = (before.family, before.zone) == (after.family, after.zone)
        assert before.last + 1 < after.first if same else (before.family, before.zone) < (after.family, after.zone)
    assert AddressSet(reversed(some.ranges)) == some
    assert hash(AddressSet(some.ranges)) == hash(some)


@given(sets())
def test_every_place_has_its_address_and_every_address_its_place(some):
    listed = list(some)
    assert len(listed) == some.count == len(set(listed))
    assert [some.at(index) for index in range(some.count)] == listed
    assert [some.index(*address) for address in listed] == list(range(some.count))
    assert all(address in some for address in listed)


@given(sets(), FAMILIES, st.integers(0, SMALL))
def test_membership_is_exact(some, space, number):
    assert ((space[0], number, space[1]) in some) == ((space[0], number, space[1]) in set(some))


def test_places_outside_are_no_places():
    some = AddressSet([Range(4, 5, 7)])
    for index in (-1, 3):
        with pytest.raises(IndexError):
            some.at(index)
    assert AddressSet().index(4, 1) is None


def test_what_is_said_without_a_zone_is_said_of_every_zone():
    here = AddressSet([Range(6, 1, 9, "eth0"), Range(6, 1, 9)])
    assert here - AddressSet([Range(6, 3, 9)]) == AddressSet([Range(6, 1, 2, "eth0"), Range(6, 1, 2)])
    assert here - AddressSet([Range(6, 3, 9, "eth0")]) == AddressSet([Range(6, 1, 2, "eth0"), Range(6, 1, 9)])
    assert here & AddressSet([Range(6, 9, 9, "eth1")]) == AddressSet()
    assert here & AddressSet([Range(6, 9, 12)]) == AddressSet([Range(6, 9, 9, "eth0"), Range(6, 9, 9)])


def test_ranges_that_overlap_only_with_and_without_a_zone_are_counted_once():
    both = AddressSet([Range(6, 1, 5, ""), Range(6, 4, 9, "eth0")])
    assert (AddressSet([Range(6, 0, 20, "eth0")]) & both).count == 9


def test_a_large_network_costs_what_a_small_one_costs():
    """Listing a /8 would take seconds and a gigabyte; an IPv6 network could not be listed at all."""
    ten = AddressSet([network(4, number("10.0.0.0"), 8)])
    whole = AddressSet([network(6, 0, 0)])
    assert (ten.count, whole.count) == (1 << 24, 1 << 128)
    assert ten.text_at((1 << 24) - 1) == "10.255.255.255"
    assert whole.packed_at((1 << 128) - 1) == b"\xff" * 16
    without = ten - AddressSet([Range(4, number("10.3.0.0"), number("10.3.0.9"))])
    assert without.count == (1 << 24) - 10
    assert [text(*address) for address in islice(without, 2)] == ["10.0.0.0", "10.0.0.1"]


@given(st.integers(0, 2**32 - 1))
def test_ipv4_text_and_back(number):
    assert text(4, number) == str(ipaddress.IPv4Address(number))
    assert number_of(text(4, number)) == (4, number)
    assert packed(4, number) == ipaddress.IPv4Address(number).packed


@given(st.integers(0, 2**128 - 1))
def test_ipv6_text_and_back(number):
    expected = (4, number - (0xFFFF << 32)) if number >> 32 == 0xFFFF else (6, number)
    assert number_of(text(6, number)) == expected


@given(st.text(max_size=40) | st.text("0123456789abcdef:.%", max_size=40))
def test_reading_an_address_never_breaks_and_agrees_with_the_library(written):
    found = number_of(written)
    try:
        expected = ipaddress.ip_address(written)
    except ValueError:
        assert found is None
        return
    if "%" in written:
        assert found is None
    elif expected.version == 6 and expected.ipv4_mapped:
        assert found == (4, int(expected.ipv4_mapped))
    else:
        assert found == (expected.version, int(expected))


def test_what_other_programs_would_guess_is_no_address():
    for written in (
        "127.1",
        "010.0.0.1",
        "0x7f000001",
        "2130706433",
        "1.2.3.256",
        "1.2.3.",
        "",
        "\u0661.2.3.4",
        "::1\0",
    ):
        assert number_of(written) is None
    assert not is_octet("00")


def test_ranges_as_text():
    ten = number("10.0.0.0")
    assert str(Range(4, ten, ten)) == "10.0.0.0"
    assert str(Range(4, ten, ten + 255)) == "10.0.0.0/24"
    assert str(Range(4, ten + 1, ten + 2)) == "10.0.0.1-10.0.0.2"
    assert str(Range(4, ten + 2, ten + 3)) == "10.0.0.2/31"
    assert str(Range(6, 0, (1 << 128) - 1)) == "::/0"
    assert str(Range(6, number("fe80::1"), number("fe80::1"), "eth0")) == "fe80::1%eth0"
    assert repr(AddressSet([Range(4, ten, ten + 255)])) == "AddressSet(10.0.0.0/24)"
    assert repr(AddressSet([Range(4, n * 2, n * 2) for n in range(9)])).endswith(", ...)")

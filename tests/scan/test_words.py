"""One word of the targets: what it means, and what is told to a person who mistyped it."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan.addresses import AddressSet, text
from hb_engine.scan.words import EXAMPLES, OCTET, read

MEANT = {
    "10.0.0.1": "10.0.0.1",
    "[fd00::1]": "fd00::1",
    "FD00::1": "fd00::1",
    "fe80::1%eth0": "fe80::1%eth0",
    "fe80::1%br-lan": "fe80::1%br-lan",
    "fe80::%eth0/64": "fe80::%eth0-fe80::ffff:ffff:ffff:ffff%eth0",
    "10.0.0.0/24": "10.0.0.0/24",
    "10.0.0.0/255.255.255.0": "10.0.0.0/24",
    "0.0.0.0/0": "0.0.0.0/0",
    "10.0.0.7/32": "10.0.0.7",
    "fd00::/120": "fd00::/120",
    "10.0.0.1-50": "10.0.0.1-10.0.0.50",
    "10.0.0.1-10.0.1.20": "10.0.0.1-10.0.1.20",
    "fd00::1-fd00::ff": "fd00::1-fd00::ff",
    "fe80::1%eth0-fe80::2%eth0": "fe80::1%eth0-fe80::2%eth0",
    "10.0.0-1.1,5,7": "10.0.0.1 10.0.0.5 10.0.0.7 10.0.1.1 10.0.1.5 10.0.1.7",
    "10.0.0.5,1-3,2": "10.0.0.1-10.0.0.3 10.0.0.5",
    "10.0.0.-3": "10.0.0.0/30",
    "10.0.0.252-": "10.0.0.252/30",
    "10.0.0.*": "10.0.0.0/24",
    "10.0.-.*": "10.0.0.0/16",
    "10.0.2-3.*": "10.0.2.0/23",
    "*.*.*.*": "0.0.0.0/0",
    "::ffff:10.0.0.1": "10.0.0.1",
    "::ffff:10.0.0.0/104": "10.0.0.0/8",
}


@pytest.mark.parametrize(("word", "meant"), MEANT.items(), ids=list(MEANT))
def test_what_is_meant(word, meant):
    ranges = AddressSet(read(word).ranges).ranges
    shown = " ".join(map(str, ranges)).replace("fe80::%eth0/64", MEANT["fe80::%eth0/64"])
    assert shown == meant


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("db-1.example.org", "db-1.example.org"),
        ("DB-1.Example.ORG.", "db-1.example.org"),
        ("localhost", "localhost"),
        ("_dmarc.example", "_dmarc.example"),
        ("7up.example", "7up.example"),
        ("m\u00fcnchen.example", "m\u00fcnchen.example"),
        ("1.2.3.example", "1.2.3.example"),
    ],
)
def test_names(word, name):
    found = read(word)
    assert (found.name, found.ranges) == (name, ())


@pytest.mark.parametrize(
    ("word", "note"),
    [
        ("10.0.0.0/24", ""),
        ("10.0.0.5/24", "10.0.0.5/24 was taken for the network 10.0.0.0/24"),
        ("fd00::5/64", "fd00::5/64 was taken for the network fd00::/64"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1 was taken for 10.0.0.1"),
        ("::ffff:10.0.0.0/120", "::ffff:10.0.0.0/120 was taken for the network 10.0.0.0/24"),
    ],
)
def test_what_is_read_into_a_word_is_said(word, note):
    assert read(word).note == note


BITS = "Type /0 to /32."
FOUR = "Type four numbers from 0 to 255, such as 10.0.0.1, or a name with letters in it."
MISTAKES = {  # the sentence, and what to do: both are read by people, so both are held
    "": ("a target is empty", EXAMPLES),
    "a b": ("'a b' holds blanks or characters that cannot be printed", EXAMPLES),
    "a\x1bb": ("'a\\x1bb' holds blanks or characters that cannot be printed", EXAMPLES),
    "9" * 400: (f"'{'9' * 57}...' is longer than 300 characters", EXAMPLES),
    "10.0.0.300": ("'10.0.0.300': 300 is more than 255", OCTET),
    "10.0.0.1-300": ("'10.0.0.1-300' is no address", EXAMPLES),
    "1.2.3": ("'1.2.3' has 3 numbers, and an IPv4 address has four", FOUR),
    "2130706433": ("'2130706433' has one number, and an IPv4 address has four", FOUR),
    "127.1": ("'127.1' has 2 numbers, and an IPv4 address has four", FOUR),
    "010.0.0.1": ("'010.0.0.1': 010 begins with 0, which some read as octal", "Type 10.0.0.1, if that is meant."),
    "0x7f000001": ("'0x7f000001' is no address", EXAMPLES),
    "10.0.0.1.": ("'10.0.0.1.' is no address", EXAMPLES),
    "10.0.0.0/33": ("'10.0.0.0/33': a network of IPv4 has at most 32 bits", BITS),
    "fd00::/129": ("'fd00::/129': a network of IPv6 has at most 128 bits", "Type /0 to /128."),
    "10.0.0.0/x": ("'10.0.0.0/x': 'x' is no number of bits", BITS),
    "10.0.0.0/255.0.255.0": (
        "'10.0.0.0/255.0.255.0': the ones of a mask stand together at its left",
        "Type the bits, such as /24.",
    ),
    "10.0.0/24": ("'10.0.0/24': '10.0.0' has 3 numbers, and an IPv4 address has four", FOUR),
    "::ffff:0:0/90": ("'::ffff:0:0/90' holds all of IPv4, and more", "Type the IPv4 network alone."),
    "x/24": ("'x/24' is a network of a name", "Resolve the name, and type its network's address."),
    "x/": ("'x/' has a slash and no network after it", "Did you mean x?"),
    "http://x/": ("'http://x/' is the address of a page", "Did you mean x?"),
    "https://ana@x:8443/y?z": ("'https://ana@x:8443/y?z' is the address of a page", "Did you mean x?"),
    "http://[fd00::1]:80/a": ("'http://[fd00::1]:80/a' is the address of a page", "Did you mean fd00::1?"),
    "http://": ("'http://' is the address of a page", EXAMPLES),
    "ana@x": ("'ana@x' is a person at a host", "Did you mean x?"),
    "x:80": ("'x:80' has a port: ports are said with -p", "Did you mean x -p 80?"),
    "10.0.0.1:ssh": ("'10.0.0.1:ssh' has a port: ports are said with -p", "Did you mean 10.0.0.1?"),
    "[fd00::1]:80": ("'[fd00::1]:80' has a port: ports are said with -p", "Did you mean fd00::1 -p 80?"),
    "10.0.0.9-3": ("'10.0.0.9-3': 9-3 ends before it begins", "Did you mean 3-9?"),
    "10.0.1.1-10.0.0.1": ("'10.0.1.1-10.0.0.1' ends before it begins", "Did you mean 10.0.0.1-10.0.1.1?"),
    "::ffff:1.2.3.4-fd00::": (
        "'::ffff:1.2.3.4-fd00::' goes from one family to another",
        "Type a range for each family.",
    ),
    "10.0.0.1,10.0.0.2": (
        "'10.0.0.1,10.0.0.2' is no address",
        "Type a blank between targets: commas stand inside of octets.",
    ),
    "*.*.*.1": (
        "'*.*.*.1' makes more than 65,536 ranges of addresses",
        "Type a network, such as 10.0.0.0/8, and leave out with exclusions.",
    ),
    "fd00::g": ("'fd00::g' is no IPv6 address", "Type eight groups of hex digits, or :: once: fd00::1."),
    "fd00::1-x": ("'fd00::1-x': 'x' is no address", EXAMPLES),
    "fd00::1%eth0": ("'fd00::1%eth0': only link-local addresses (fe80::/10) have a zone", "Type fd00::1 alone."),
    "fe80::1%": ("'fe80::1%': '' is no interface", "Type the interface's name: fe80::1%eth0."),
    "fe80::1%a-fe80::2%b": ("'fe80::1%a-fe80::2%b' goes from one zone to another", "Type a range for each zone."),
    "10.0.0.1%eth0": (
        "'10.0.0.1%eth0': only IPv6 addresses have a zone",
        "Type the address alone, or fe80::1%eth0.",
    ),
    "a..b": ("'a..b' is neither an address nor a name", EXAMPLES),
    "-x": ("'-x' is neither an address nor a name", EXAMPLES),
    "x" * 64: (f"'{'x' * 57}...' is neither an address nor a name", EXAMPLES),
}


@pytest.mark.parametrize(("word", "told"), MISTAKES.items(), ids=[word[:20] for word in MISTAKES])
def test_a_mistake_is_told_with_what_was_meant(word, told):
    with pytest.raises(BadInput) as raised:
        read(word)
    assert (raised.value.message, raised.value.remedy) == told


@given(st.text(max_size=60) | st.text("0123456789abcdef.:/-,*%[]@x", max_size=40))
@example("[")
@example("]")
@example("1-2-3.4.5.6")
@example(":80")
@example("fe80::1%eth0-")
@example("10.0.0.1-10.0.0.300")
@example("²" * 4)
@example("1.1.1.²")
def test_no_word_raises_anything_but_bad_input(word):
    found, told = None, ""
    try:
        found = read(word)
    except BadInput as error:
        told = error.message + error.remedy
    assert told.isprintable()
    assert found is None or bool(found.ranges) != bool(found.name)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_networks_are_those_of_the_library(number, bits):
    expected = ipaddress.ip_network((number, bits), strict=False)
    (found,) = read(f"{text(4, number)}/{bits}").ranges
    assert (found.first, found.last) == (int(expected[0]), int(expected[-1]))


OCTETS = st.lists(st.integers(0, 3), min_size=1, max_size=3)


@given(st.tuples(OCTETS, OCTETS, OCTETS, OCTETS))
def test_octets_are_every_combination_of_their_lists(octets):
    word = ".".join(",".join(map(str, octet)) for octet in octets)
    expected = {f"{a}.{b}.{c}.{d}" for a in octets[0] for b in octets[1] for c in octets[2] for d in octets[3]}
    assert {text(*one) for one in AddressSet(read(word).ranges)} == expected

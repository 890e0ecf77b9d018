"""Values in the words that people use for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import NOW, TAP

from hb_engine.faces import words
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Netns, Opening

BOTH = ("ipv4", "ipv6")


def at(*addresses, families=BOTH, interface="", port=80, scope="public", transport="tcp"):
    return Opening("listener", transport, port, addresses, families, scope, Netns(1), interface)


REACH = {
    "dual stack": (at("0.0.0.0", "::"), "every address"),
    "dual stack, one socket": (at("::"), "every address"),
    "IPv4 only": (at("0.0.0.0", families=("ipv4",)), "every IPv4 address"),
    "IPv6 only": (at("::", families=("ipv6",)), "every IPv6 address"),
    "netlink's star": (at("*"), "every address"),
    "loopback": (at("127.0.0.1", "::1"), "this machine only"),
    "another of 127/8": (at("127.0.0.53"), "127.0.0.53"),
    "one": (at("10.0.0.5"), "10.0.0.5"),
    "two": (at("10.0.0.5", "fd00::5"), "10.0.0.5 and [fd00::5]"),
    "many": (at("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"), "10.0.0.1, 10.0.0.2 and 2 more addresses"),
    "a device": (at("0.0.0.0", families=("ipv4",), interface="eth0"), "every IPv4 address through eth0"),
    "no address": (at(scope="link"), "this link"),
}


@pytest.mark.parametrize(("opening", "said"), REACH.values(), ids=REACH)
def test_addresses_become_words(opening, said):
    assert words.reach(opening) == said


def test_every_scope_has_words_and_an_unknown_one_is_itself():
    assert [words.scope(scope) for scope in SCOPES] == ["this machine", "this link", "private net", "everyone"]
    assert words.scope("lunar") == "lunar"


def test_a_place_is_a_transport_with_a_port_or_a_device():
    assert words.place(at("::")) == "tcp 80"
    assert words.place(TAP) == "packet on eth0"
    assert words.place(at("::", port=None, transport="raw")) == "raw"


AGO = {
    0: "just now",
    1.9: "just now",
    2: "2 seconds ago",
    59.9: "59 seconds ago",
    60: "1 minute ago",
    182: "3 minutes ago",
    3600: "1 hour ago",
    86399: "23 hours ago",
    86400: "1 day ago",
    13 * 86400: "13 days ago",
    14 * 86400: "2 weeks ago",
    61 * 86400: "2 months ago",
    400 * 86400: "1 year ago",
    -0.5: "just now",
    -3600: "1 hour in the future by this clock",
}


@pytest.mark.parametrize(("gone", "said"), AGO.items())
def test_times_are_told_from_now(gone, said):
    assert words.ago(NOW - gone, NOW) == said


@given(st.floats(0, 1e11))
def test_any_length_of_time_has_a_number_and_a_unit(seconds):
    number, unit = words.duration(seconds).split(" ")
    assert number.isdigit()
    assert unit.rstrip("s") in ("second", "minute", "hour", "day", "week", "month", "year")


def test_a_moment_of_today_is_a_time_and_any_other_a_date():
    assert words.moment(NOW - 182, NOW) == "14:02:09"
    assert words.moment(NOW - 86400, NOW) == "2026-11-21 14:05"
    assert words.since(NOW - 182, NOW) == "14:02:09, 3 minutes ago"


SIZES = {0: "0 bytes", 1: "1 byte", 1023: "1023 bytes", 1024: "1 KiB", 1536: "1.5 KiB", 49152: "48 KiB"}
SIZES |= {5 << 20: "5 MiB", 3 << 30: "3 GiB", 2 << 40: "2 TiB"}


@pytest.mark.parametrize(("octets", "said"), SIZES.items())
def test_sizes_are_binary(octets, said):
    assert words.size(octets) == said


def test_people_and_papers_lose_the_registry_s_brackets():
    assert words.person("[Charles_C_L_Chou]") == "Charles C. L. Chou"
    assert words.person("[Jon_Postel][Bernie_Volz_2]") == "Jon Postel, Bernie Volz 2"
    assert words.person("IESG") == "IESG"
    assert words.person("") == ""
    assert words.reference("RFC9110") == "RFC 9110"
    assert words.reference("[RFC793]") == "RFC 793"
    assert words.reference("IEEE 1588") == "IEEE 1588"


def test_short_times_are_milliseconds():
    assert words.milliseconds(0.0411) == "41 ms"
    assert words.milliseconds(2.44) == "2.4 s"


def test_a_gap_is_one_sentence_with_its_remedy():
    assert words.gap(Gap("vsock", "no module", "load vsock_diag")) == "vsock: no module (load vsock_diag)"
    assert words.gap(Gap("vsock", "", "")) == "vsock"

"""May it be asked: the kinds of addresses, the lines of files, and the order in which they win."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan.addresses import AddressSet, Range, network, number_of, text
from hb_engine.scan.scope import Attached, Line, Scope, expired, judge, never
from hb_engine.scan.words import read

TODAY = "2026-11-25"


def number(word):
    """An address as a number."""
    found = number_of(word)
    assert found is not None
    return found[1]


def some(*words):
    return AddressSet([one for word in words for one in read(word).ranges])


def line(allow, word, **more):
    return Line(allow, word, some(word), file="scope.toml", **{"number": 3, **more})


def attached(word, interface="eth0"):
    address, _, bits = word.partition("/")
    return Attached(6 if ":" in address else 4, number(address), int(bits), interface)


def judged(*words, lines=(), nets=()):
    return judge(some(*words), Scope(tuple(lines), tuple(nets), TODAY))


def shown(allowed):
    return " ".join(map(str, allowed.addresses.ranges))


@pytest.mark.parametrize(
    "word",
    [
        "127.0.0.1",
        "10.9.8.7",
        "172.31.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.1.1",
        "::1",
        "fd00::1",
        "fe80::1%eth0",
    ],
)
def test_private_and_local_addresses_may_be_asked(word):
    found = judged(word)
    assert (shown(found), found.refused) == (str(some(word).ranges[0]), ())
    assert found.allowances[0].line is None
    assert "RFC" in found.allowances[0].reason


@pytest.mark.parametrize(
    "word", ["1.1.1.1", "172.32.0.1", "100.128.0.1", "11.0.0.1", "2600::1", "fec0::1", "64:ff9b::a00:1"]
)
def test_others_may_not_unless_a_line_allows_them(word):
    found = judged(word)
    assert (shown(found), len(found.refused)) == ("", 1)
    assert found.refused[0].reason.startswith("neither private nor attached")
    assert found.refused[0].remedy == f"If it is yours to scan: hb scope add {word} --why TEXT"
    allowing = line(True, word, why="ours")
    opened = judged(word, lines=[allowing])
    assert (shown(opened), opened.refused, opened.lines) == (word, (), (allowing,))
    assert opened.allowances[0].reason == "ours"


NEVER = {
    "255.255.255.255": "broadcast",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "::": "unspecified",
    "224.0.0.1": "multicast",
    "239.1.1.1": "multicast",
    "ff02::1": "multicast",
    "240.0.0.1": "reserved",
    "192.0.2.7": "documentation",
    "198.51.100.1": "documentation",
    "203.0.113.255": "documentation",
    "2001:db8::1": "documentation",
    "3fff::1": "documentation",
    "192.0.0.1": "protocols",
    "192.88.99.1": "no one host",
    "100::1": "discarding",
    "::10.0.0.1": "IPv4 inside",
    "64:ff9b::e000:1": "multicast",
}


@pytest.mark.parametrize(("word", "reason"), NEVER.items(), ids=list(NEVER))
def test_addresses_that_no_host_has_are_never_asked(word, reason):
    """Not even where a line allows them, or they are attached."""
    found = judged(
        word, lines=[line(True, word)], nets=[attached(f"{word}/32")] if "." in word and ":" not in word else []
    )
    assert shown(found) == ""
    assert reason in found.refused[0].reason
    assert found.refused[0].remedy == ""
    assert [str(one) for one, _ in never(some(word))] == [word]


def test_ipv4_that_came_as_ipv6_is_refused_if_a_reader_did_not_see_it():
    mapped = AddressSet([Range(6, (0xFFFF << 32) + 1, (0xFFFF << 32) + 1)])
    assert "IPv4 inside" in judge(mapped, Scope()).refused[0].reason


def test_attached_networks_may_be_asked_but_not_their_ends():
    found = judged("5.6.7.0/24", nets=[attached("5.6.7.130/25")])
    assert shown(found) == "5.6.7.129-5.6.7.254"
    assert found.allowances[0].reason == "of the network 5.6.7.128/25 attached to eth0"
    reasons = {str(one.range): one.reason for one in found.refused}
    assert reasons["5.6.7.255"].startswith("the broadcast address of the attached network 5.6.7.128/25 on eth0")
    assert reasons["5.6.7.128"] == "the address of the attached network 5.6.7.128/25 on eth0 itself"
    assert reasons["5.6.7.0/25"].startswith("neither private")


def test_private_networks_that_are_attached_have_ends_too():
    found = judged("10.0.0.0/30", "10.0.0.255", nets=[attached("10.0.0.1/24")], lines=[line(True, "10.0.0.0/24")])
    assert shown(found) == "10.0.0.1-10.0.0.3"


def test_networks_of_two_and_one_have_no_ends():
    assert shown(judged("5.6.7.8/31", nets=[attached("5.6.7.8/31")])) == "5.6.7.8/31"
    assert shown(judged("5.6.7.8", nets=[attached("5.6.7.8/32")])) == "5.6.7.8"


def test_an_address_that_claims_the_whole_internet_opens_only_itself():
    assert shown(judged("5.6.7.8/30", nets=[attached("5.6.7.9/0")])) == "5.6.7.9"
    assert shown(judged("2600::/127", nets=[attached("2600::1/0")])) == "2600::1"


def test_attached_ipv6_networks():
    assert shown(judged("2600::/126", nets=[attached("2600::9/64")])) == "2600::/126"
    assert Attached(6, number("fe80::9"), 64, "eth0").network.zone == "eth0"
    assert Attached(6, number("fd00::9"), 64, "eth0").network.zone == ""


def test_an_exclusion_wins_over_everything():
    out = line(False, "10.0.5.0/24", why="the old printers", number=7)
    found = judged(
        "10.0.4.0/23",
        "5.6.7.8",
        lines=[line(True, "10.0.5.1"), out, line(True, "5.6.7.8")],
        nets=[attached("10.0.5.9/24")],
    )
    assert shown(found) == "5.6.7.8 10.0.4.0/24"
    refused = [one for one in found.refused if one.line]
    assert {one.line for one in refused} == {out}
    assert refused[0].reason == "excluded by scope.toml:7: the old printers"
    assert refused[0].remedy == "Take the line out there: hb scope remove 10.0.5.0/24"


def test_an_exclusion_holds_on_every_link_and_through_translators():
    lines = [line(False, "fe80::1%eth0"), line(False, "10.0.0.1"), line(True, "64:ff9b::/96")]
    assert shown(judged("fe80::1%eth1", lines=lines)) == ""
    assert shown(judged("64:ff9b::a00:0/127", lines=lines)) == "64:ff9b::a00:0"


def test_a_line_whose_day_is_past_allows_nothing_and_is_named():
    past, last = line(True, "5.6.7.8", until="2026-11-24"), line(True, "5.6.7.8", until=TODAY)
    found = judged("5.6.7.8", lines=[past])
    assert shown(found) == ""
    assert found.refused[0].reason == "allowed by scope.toml:3 until 2026-11-24, which is past"
    assert found.refused[0].remedy == "Allow it anew: hb scope add 5.6.7.8 --why TEXT --until DATE"
    assert shown(judged("5.6.7.8", lines=[past, last])) == "5.6.7.8"
    assert (expired(past, TODAY), expired(last, TODAY), expired(line(True, "5.6.7.8"), TODAY)) == (True, False, False)


def test_an_exclusion_has_no_last_day():
    """It would open by itself what somebody closed: the day is not looked at, and files that have one are refused."""
    assert shown(judged("10.0.0.1", lines=[line(False, "10.0.0.1", until="2020-01-01")])) == ""


def test_the_whole_internet_is_judged_by_its_ranges():
    """4,294,967,296 addresses and 65,536 lines: looking at each would take hours."""
    found = judge(
        some("0.0.0.0/0"), Scope(tuple(line(False, f"10.{a}.{b}.1") for a in range(16) for b in range(16)), (), TODAY)
    )
    assert found.addresses.count == (1 << 24) + (1 << 20) + (1 << 16) * 2 + (1 << 22) + (1 << 24) - 256
    assert sum(one.range.count for one in found.refused) + found.addresses.count == 1 << 32


SPOTS = [number(word) for word in ("10.0.0.0", "5.6.7.0", "224.0.0.0", "203.0.113.0")]
SPANS = st.builds(
    lambda spot, first, length: Range(4, spot + first, spot + first + length),
    st.sampled_from(SPOTS),
    st.integers(0, 15),
    st.integers(0, 8),
)
LINES = st.builds(
    lambda allow, one, until: Line(allow, str(one), AddressSet([one]), until=until if allow else ""),
    st.booleans(),
    SPANS,
    st.sampled_from(["", "2026-11-24", TODAY]),
)


def judged_alone(number, scope):
    """The same policy, one address at a time, as a person would read it."""
    shown = text(4, number)
    if shown.startswith(("224.", "203.0.113.")):
        return False
    for one in scope.attached:
        whole = network(4, one.number, one.bits)
        if number in (whole.first, whole.last):
            return False
    speaking = [each for each in scope.lines if (4, number, "") in each.addresses]
    if any(not each.allow for each in speaking):
        return False
    near = any(one.network.first <= number <= one.network.last for one in scope.attached)
    return shown.startswith("10.") or near or any(not each.until or each.until >= scope.today for each in speaking)


@given(
    st.lists(SPANS, max_size=4),
    st.lists(LINES, max_size=5),
    st.sampled_from([(), ("5.6.7.3/29",), ("10.0.0.5/28", "5.6.7.9/30")]),
)
def test_ranges_are_judged_as_their_addresses_would_be(ranges, lines, nets):
    targets = AddressSet(ranges)
    scope = Scope(tuple(lines), tuple(attached(net) for net in nets), TODAY)
    found = judge(targets, scope)
    assert set(found.addresses) == {one for one in targets if judged_alone(one[1], scope)}
    refused = AddressSet([one.range for one in found.refused])
    assert refused == targets - found.addresses
    assert sum(one.range.count for one in found.refused) == refused.count
    assert AddressSet([one.range for one in found.allowances]) == found.addresses

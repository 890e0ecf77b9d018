"""What generators share: comments that stay comments, spans, scopes as networks, sources read strictly."""

from __future__ import annotations

import ipaddress
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import orders
from tests.faces.kit import is_safe

from hb_engine.faces.export import generating
from hb_engine.model.baseline import All, AnyOf, Is, Listen, Not
from hb_engine.model.endpoint import SCOPES, scope_of
from hb_engine.model.inventory import Host
from hb_engine.model.record import replace

spans = st.lists(
    st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(lambda pair: tuple(sorted(pair))), max_size=6
)


@given(orders.texts)
def test_a_comment_is_one_line_that_continues_nowhere(text):
    line = generating.remark(text)
    assert line.startswith("#")
    assert line.splitlines() == [line]
    assert is_safe(line)
    assert not line.endswith("\\")


@given(orders.texts)
def test_slugs(text):
    assert set(generating.slug(text)) <= generating.PLAIN
    assert 0 < len(generating.slug(text)) <= 60
    assert generating.slug("web-https.1") == "web-https.1"


@given(spans, spans)
def test_spans_less_others(some, taken):
    def ports(found):
        return {port for first, last in found for port in range(first, last + 1)}

    left = generating.without(some, taken)
    assert ports(left) == ports(some) - ports(taken)
    assert left == sorted(left)
    assert all(first <= last for first, last in left)
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(left))


@given(st.binary(min_size=4, max_size=4))
def test_networks_are_the_scopes_of_ipv4(address):
    number = ipaddress.IPv4Address(address)
    for scope in SCOPES[:3]:
        inside = any(number in ipaddress.ip_network(net) for net in generating.networks(scope, 4))
        assert inside == (SCOPES.index(scope_of(address)) <= SCOPES.index(scope))


@given(st.binary(min_size=16, max_size=16) | st.binary(min_size=15, max_size=15).map(lambda rest: b"\xff" + rest))
def test_networks_are_the_scopes_of_ipv6(address):
    number = ipaddress.IPv6Address(address)
    if address.startswith(bytes(10)) and number != ipaddress.IPv6Address("::1"):
        return  # mapped addresses are judged as IPv4
    if number.is_multicast and (address[1] >> 4 not in (0, 1, 3) or address[1] & 15 == 0):
        return  # flags that are not in use, and the reserved scope 0
    for scope in SCOPES[:3]:
        inside = any(number in ipaddress.ip_network(net) for net in generating.networks(scope, 6))
        assert inside == (SCOPES.index(scope_of(address)) <= SCOPES.index(scope)), number


def test_public_is_everything():
    assert generating.networks("public", 4)[-1] == "239.0.0.0/8"  # the sets are never asked for public


@pytest.mark.parametrize(
    ("given_", "ipv4", "ipv6", "unknown", "anywhere"),
    [
        ((), (), (), (), True),
        (("any", "net:10.0.0.0/8"), (), (), (), True),
        (("net:10.1.2.3/8", "net:fd00::/8"), ("10.0.0.0/8",), ("fd00::/8",), (), False),
        (
            ("host:10.1.2.3", "host:web-1", "net:0x0/0", "net:"),
            ("10.1.2.3",),
            (),
            ("host:web-1", "net:0x0/0", "net:"),
            False,
        ),
        (("net:fe80::1%eth0",), (), (), ("net:fe80::1%eth0",), False),
    ],
)
def test_sources(given_, ipv4, ipv6, unknown, anywhere):
    found = generating.sources(orders.rule("x", sources=given_))
    assert (found.ipv4, found.ipv6, found.unknown, found.anywhere) == (ipv4, ipv6, unknown, anywhere)


def test_what_is_forbidden_is_forbidden_to_all():
    assert generating.sources(orders.rule("x", kind="forbid", sources=("net:10.0.0.0/8",))).anywhere


@given(orders.texts)
def test_networks_of_any_text(text):
    found = generating.parsed(text)
    assert found == "" or ipaddress.ip_network(found)
    assert set(found) <= set("0123456789abcdef.:/")


@pytest.mark.parametrize(
    ("condition", "units"),
    [
        (None, []),
        (Is("unit", "nginx"), ["nginx.service"]),
        (Is("unit", "dbus.socket"), ["dbus.socket"]),
        (Is("exe", "/usr/bin/x"), []),
        (All((Is("unit", "a"), Is("pkg", "b"))), ["a.service"]),
        (AnyOf((Is("unit", "a"), Is("unit", "b"))), ["a.service", "b.service"]),
        (Not(Is("unit", "a")), []),
    ],
)
def test_units(condition, units):
    assert list(generating.units(condition)) == units


def test_spans_of_places():
    host = Host("x", "", local_ports=(40000, 50000))
    assert generating.span(Listen("tcp", 5, 9), None) == (5, 9)
    assert generating.span(Listen("tcp", place="any"), host) == (0, 65535)
    assert generating.span(Listen("tcp", place="ephemeral"), host) == (40000, 50000)
    assert generating.span(Listen("tcp", place="ephemeral"), None) == (32768, 60999)
    for odd in ((50000, 40000), (1, 70000), (-1, 5)):
        assert generating.span(Listen("tcp", place="ephemeral"), replace(host, local_ports=odd)) == (32768, 60999)
    assert generating.span(Listen("vsock", 70000, 70000), None) is None


def test_rules_that_must_not_be_enforced_by_their_ports_alone():
    assert generating.unfit(orders.ORDER, orders.NO_TELNET) == []
    assert "others may hold the port" in generating.unfit(orders.ORDER, orders.NO_APACHE)[0]
    asleep = replace(orders.ORDER, windows=(("no-telnet", "night"),))
    assert "at some times alone" in generating.unfit(asleep, orders.NO_TELNET)[0]


def test_heads_name_what_was_left_out():
    assert generating.head(orders.ORDER, "Rules", "try it") == [
        "# Rules for web-17, role web, made by hb-engine 1.2.3 from hb.d.",
        "# hb never applies it. Read it, try it, then apply it yourself:",
        "#     try it",
        "# Left out, for its time is over: debug (hb.d/web.toml:3:1).",
    ]
    assert (
        generating.head(orders.EMPTY, "Rules", "x")[0]
        == "# Rules for every machine, made by hb-engine 1.2.3 from a baseline."
    )


def test_a_comment_is_a_line_that_every_reader_reads_whole():
    """Suricata takes what stands behind 8,191 bytes for a line of its own, and that would be no comment."""
    for text in ("a" * 100_000, "\U0001f600" * 100_000, "\\" * 100_000):
        line = generating.remark(text)
        assert len(line.encode()) < 8000
        assert line.startswith("# ")
        assert not line.endswith("\\")

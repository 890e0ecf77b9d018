"""nf_tables' messages, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import rules

from hb_engine.model.errors import Truncated
from hb_engine.wire import netlink, nfnetlink, nftables
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.nftables import Chain, Element, Rule, Set, Table


def test_a_table_and_whether_it_sleeps():
    assert nftables.table(Cursor(rules.message(2, n1="nat", n2=0))) == Table("ip", "nat")
    assert nftables.table(Cursor(rules.message(1, n1="x", n2=1))) == Table("inet", "x", dormant=True)


def test_a_chain_with_a_hook_and_one_without():
    hook = rules.attributes(n1=0, n2=0xFFFFFF9C)
    body = rules.message(10, n1="nat", n3="PREROUTING", n4=hook, n7="nat")
    assert nftables.chain(Cursor(body)) == Chain("ip6", "nat", "PREROUTING", 0, "nat")
    assert nftables.chain(Cursor(rules.message(10, n1="nat", n3="x"))) == Chain("ip6", "nat", "x")


def test_a_rule_keeps_its_expressions_until_somebody_wants_them():
    steps = rules.proto(6) + rules.redirect(443)
    rule = nftables.rule(Cursor(rules.message(1, n1="t", n2="c", n4=steps)))
    assert rule == Rule("inet", "t", "c", steps)
    told = nftables.expressions(rule.raw)
    assert [one.name for one in told] == ["meta", "cmp", "immediate", "redir"]
    assert (told[0].number(2), told[0].has(3), told[3].number(1)) == (16, False, 1)
    assert nftables.value(told[2].values[2]) == b"\x01\xbb"
    assert told[3].number(9, 7) == 7
    assert told[0].text(2) == ""  # it begins with a zero byte


def test_a_verdict_names_its_chain():
    step = nftables.expressions(rules.go(nftables.JUMP, "DOCKER"))[0]
    assert nftables.verdict(step.values[2]) == (nftables.JUMP, "DOCKER")
    assert nftables.value(step.values[2]) == b""
    assert nftables.verdict(rules.data(b"\1")) is None


def test_sets_and_their_elements():
    assert nftables.one_set(Cursor(rules.message(2, n1="t", n2="s", n3=4, n5=2))) == Set("ip", "t", "s", True, 2)
    plain = rules.attributes(n1=rules.data(b"\0\x16"))
    ranged = rules.attributes(n1=rules.data(b"\0\x50"), n10=rules.data(b"\0\x5a"), n3=1)
    jump = rules.attributes(n1=rules.data(b"\x1b\x58"), n2=rules.verdict(-3, "svc"))
    mapped = rules.attributes(n1=rules.data(b"\0\x0b"), n2=rules.data(b"\0\x0c"))
    body = rules.message(
        2, n1="t", n2="s", n3=b"".join([netlink.attribute(1, e) for e in (plain, ranged, jump, mapped)])
    )
    assert list(nftables.elements(Cursor(body))) == [
        Element(b"\0\x16"),
        Element(b"\0\x50", b"\0\x5a", flags=1),
        Element(b"\x1b\x58", verdict=(-3, "svc")),
        Element(b"\0\x0b", data=b"\0\x0c"),
    ]


@pytest.mark.parametrize(
    ("asked", "kind", "names"),
    [
        (nftables.chains_request(3), 0x0A04, ()),
        (nftables.rules_request("ip", "nat", 3), 0x0A07, (b"nat\0",)),
        (nftables.sets_request("inet", "t", 3), 0x0A0A, (b"t\0",)),
        (nftables.elements_request("ip6", "t", "__map0", 3), 0x0A0D, (b"t\0", b"__map0\0")),
    ],
)
def test_questions(asked, kind, names):
    assert netlink.HEADER.unpack_from(asked)[1] == kind
    assert netlink.HEADER.unpack_from(asked)[3] == 3
    found = netlink.attributes(Cursor(asked, 16 + nfnetlink.HEADER.size))
    assert [part.take(part.left) for _, part in found] == list(names)


READERS = (
    nftables.table,
    nftables.chain,
    nftables.rule,
    nftables.one_set,
    lambda body: list(nftables.elements(body)),
    lambda body: nftables.expressions(body.take(body.left)),
)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_truncated(data):
    for read in READERS:
        try:
            read(Cursor(data))
        except Truncated:
            continue


@given(st.binary(max_size=80), st.integers(0, 200))
def test_a_message_that_is_cut_short_is_told_or_read_as_far_as_it_goes(noise, at):
    whole = rules.message(1, n1="t", n2="c", n4=rules.proto(6) + rules.redirect(443)) + noise
    try:
        rule = nftables.rule(Cursor(whole[:at]))
        nftables.expressions(rule.raw)
    except Truncated:
        return
    assert rule.table in ("", "t")


@given(st.lists(st.tuples(st.text("abcdefgh", min_size=1, max_size=9), st.binary(max_size=12)), max_size=8))
def test_expressions_come_back_as_they_were(steps):
    raw = b"".join([rules.expression(name, n3=data) for name, data in steps])
    assert [(one.name, one.values[3]) for one in nftables.expressions(raw)] == steps


def to(address):
    return rules.expression("payload", n1=1, n2=1, n3=16, n4=4) + rules.compare(address)


def test_only_what_is_plainly_for_others_is_passed_over():
    own, other = frozenset((b"\xc0\0\2\1",)), b"\x0a\x60\0\1"
    assert nftables.for_others(
        to(other) + rules.proto(6) + rules.dport() + rules.compare(rules.port(80)) + rules.redirect(1), own
    )
    assert not nftables.for_others(to(b"\xc0\0\2\1") + rules.redirect(1), own)
    assert not nftables.for_others(rules.redirect(1), own)
    payload = rules.expression("payload", n1=1, n2=1, n3=16, n4=4)
    assert not nftables.for_others(payload + rules.compare(other, 1) + rules.redirect(1), own), "all but that address"
    mask = rules.expression("bitwise", n1=1, n2=1, n3=4, n4=rules.data(b"\xff\xff\0\0"), n5=rules.data(bytes(4)))
    assert not nftables.for_others(payload + mask + rules.compare(other) + rules.redirect(1), own)
    assert not nftables.for_others(payload + rules.expression("lookup", n1="s", n2=1) + rules.redirect(1), own)

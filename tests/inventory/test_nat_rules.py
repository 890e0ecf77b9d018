"""Rules, played through: hand-made ones for every step, and nothing a kernel could send breaks the walk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import rules
from tests.kit.rules import compare, constant, data, dport, expression, go, port, proto, redirect

from hb_engine.inventory.linux import nat_rules
from hb_engine.inventory.linux.nat_match import Match
from hb_engine.inventory.linux.nat_rules import Puzzle, Walk
from hb_engine.model.errors import Truncated
from hb_engine.wire.nftables import GOTO, JUMP, RETURN, Chain, Element, Rule

ACCEPT, NFPROTO, IIFNAME = 1, 15, 6


def walked(*steps, more=(), sets=None, chains=(), family="inet", intervals=()):
    """The walk over a base chain `pre` whose rules are `steps`, with more rules of other chains."""
    found = [Rule(family, "t", "pre", one) for one in steps] + [Rule(family, "t", name, one) for name, one in more]
    base = (Chain(family, "t", "pre", 0, "nat"), Chain(family, "t", "post", 4, "nat"), *chains)
    known = sets or {}
    walk = Walk(base, lambda *_: found, lambda _f, _t, name: (known[name], name in intervals))
    walk.run()
    return walk


def ways(*steps, **more):
    return [(one.action, one.match, one.first) for one in walked(*steps, **more).ways]


def test_a_port_that_is_redirected():
    (way,) = walked(proto(6) + dport() + compare(port(8443)) + redirect(443)).ways
    assert way.match == Match(transports=("tcp",), ports=((8443, 8443),))
    assert (way.action, way.table, way.chain, way.address, way.first, way.last) == (
        "redirect", "inet t", "pre", b"", 443, 443,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("operator", "ports"),
    [
        (0, ((80, 80),)),
        (1, ((0, 79), (81, 65535))),
        (2, ((0, 79),)),
        (3, ((0, 80),)),
        (4, ((81, 65535),)),
        (5, ((80, 65535),)),
    ],
)
def test_every_comparison_of_ports(operator, ports):
    ((_, match, _),) = ways(dport() + compare(port(80), operator) + redirect())
    assert match.ports == ports


def test_ranges_and_two_comparisons():
    between = dport() + expression("range", n1=1, n2=0, n3=data(port(5)), n4=data(port(9)))
    assert ways(between + redirect(1))[0][1].ports == ((5, 9),)
    both = dport() + compare(port(5), 5) + compare(port(9), 3)
    assert ways(both + redirect(1))[0][1].ports == ((5, 9),)
    assert ways(dport() + compare(port(5)) + compare(port(6)) + redirect(1)) == []


def test_what_only_counts_drops_or_accepts_leads_nowhere():
    assert ways(expression("counter"), dport() + compare(port(1)) + go(0), go(ACCEPT)) == []


def test_nothing_follows_an_unconditional_end_and_a_conditional_one_ends_nothing():
    assert ways(go(ACCEPT), redirect(1)) == []
    assert ways(go(RETURN), redirect(1)) == []
    assert len(ways(dport() + compare(port(1)) + go(ACCEPT), redirect(1))) == 1


def test_jumps_carry_their_conditions_and_come_back():
    jump = dport() + compare(port(7000)) + go(JUMP, "svc")
    told = ways(jump, redirect(2), more=[("svc", proto(6) + redirect(7777)), ("other", redirect(3))])
    assert told == [
        ("redirect", Match(transports=("tcp",), ports=((7000, 7000),)), 7777),
        ("redirect", Match(), 2),
    ]
    assert ways(go(GOTO, "svc"), more=[("svc", redirect(9))])[0][2] == 9


def test_a_way_is_named_by_the_first_chain_and_not_by_what_is_further_in():
    """Kubernetes and CNI name the inner chains after a pod's address: tomorrow they are others."""
    walk = walked(go(JUMP, "SERVICES"), more=[("SERVICES", go(JUMP, "SEP-4F2A")), ("SEP-4F2A", redirect(1))])
    assert [way.chain for way in walk.ways] == ["SERVICES"]


def test_circles_end_and_are_told():
    walk = walked(go(JUMP, "a"), more=[("a", go(JUMP, "b")), ("b", go(JUMP, "a"))])
    assert [one.what for one in walk.puzzles] == ["jumps that go deeper than the kernel lets them"]


def test_too_many_rules_are_told(monkeypatch):
    monkeypatch.setattr(nat_rules, "RULES", 5)
    walk = walked(*[dport() + compare(port(at)) + redirect(1) for at in range(1, 9)])
    assert len(walk.ways) == 5
    assert list(walk.puzzles) == [Puzzle("the rules behind the first 5", "inet t pre")]


def to(address):
    return expression("payload", n1=1, n2=1, n3=16, n4=4) + compare(address)


def test_of_rules_for_other_machines_few_are_followed_and_none_hides_ours(monkeypatch):
    monkeypatch.setattr(nat_rules, "OTHERS", 2)
    monkeypatch.setattr(nat_rules, "RULES", 20)
    own = b"\xc0\0\2\1"
    steps = [to(bytes((10, 96, 0, at))) + redirect(at) for at in range(1, 100)] + [to(own) + redirect(7), redirect(8)]
    found = [Rule("ip", "t", "pre", one) for one in steps]
    walk = Walk([Chain("ip", "t", "pre", 0)], lambda *_: found, lambda *_: ([], False), frozenset((own,)))
    walk.run()
    assert [way.first for way in walk.ways] == [1, 2, 7, 8]
    assert [puzzle.passing for puzzle in walk.puzzles] == [True]


def test_a_set_of_ports_and_its_others():
    sets = {"s": [Element(port(81)), Element(port(82))]}
    look = dport() + expression("lookup", n1="s", n2=1)
    assert ways(look + redirect(80), sets=sets)[0][1].ports == ((81, 81), (82, 82))
    others = dport() + expression("lookup", n1="s", n2=1, n5=1)
    assert ways(others + redirect(80), sets=sets)[0][1].ports == ((0, 80), (83, 65535))


def test_intervals_are_elements_with_their_ends():
    sets = {"s": [Element(port(9011), flags=1), Element(port(9000)), Element(port(0), flags=1), Element(port(65000))]}
    look = dport() + expression("lookup", n1="s", n2=1)
    told = ways(look + redirect(80), sets=sets, intervals=("s",))[0][1].ports
    assert sorted(told) == [(9000, 9010), (65000, 65535)]


def test_a_map_of_targets_is_a_way_for_each():
    sets = {"m": [Element(port(11), data=port(12)), Element(port(13), data=port(14))]}
    step = dport() + expression("lookup", n1="m", n2=1, n3=1) + expression("redir", n1=1)
    assert [(match.ports, first) for _, match, first in ways(step, sets=sets)] == [(((11, 11),), 12), (((13, 13),), 14)]


def test_a_map_of_verdicts_jumps():
    sets = {"v": [Element(port(7000), verdict=(JUMP, "svc")), Element(port(7001), verdict=(ACCEPT, ""))]}
    told = ways(
        dport() + expression("lookup", n1="v", n2=1, n3=0), redirect(5), sets=sets, more=[("svc", redirect(7777))]
    )
    assert [(match.ports, first) for _, match, first in told] == [(((7000, 7000),), 7777), (None, 5)]


def test_keys_of_several_fields():
    family = expression("meta", n1=1, n2=NFPROTO) + compare(b"\x02")
    both = expression("payload", n1=1, n2=1, n3=16, n4=4) + expression("payload", n1=9, n2=2, n3=2, n4=2)
    sets = {"s": [Element(b"\xc0\0\2\1" + port(21) + b"\0\0"), Element(b"\xc0\0\2\2" + port(22) + b"\0\0")]}
    told = ways(family + both + expression("lookup", n1="s", n2=1) + redirect(2121), sets=sets)
    assert [(match.addresses, match.ports) for _, match, _ in told] == [
        (((b"\xc0\0\2\1", 32),), ((21, 21),)),
        (((b"\xc0\0\2\2", 32),), ((22, 22),)),
    ]


def test_a_target_of_address_and_port():
    step = constant(b"\x0a\0\0\2") + constant(port(5353), 2) + expression("nat", n1=1, n2=2, n3=1, n4=1, n5=2, n6=2)
    (way,) = walked(proto(17) + dport() + compare(port(53)) + step).ways
    assert (way.action, way.address, way.first, way.match.family) == ("dnat", b"\x0a\0\0\2", 5353, "ipv4")
    source = constant(b"\x0a\0\0\2") + expression("nat", n1=0, n2=2, n3=1)
    assert ways(source) == []


def test_a_target_that_is_chosen_while_it_runs_is_told_as_such():
    (way,) = walked(expression("numgen", n1=1, n2=5) + expression("redir", n1=1)).ways
    assert way.varies
    sets = {"m": [Element(b"\0\0\0\0", data=b"\x0a\0\0\5"), Element(b"\0\0\0\1", data=b"\x0a\0\0\6")]}
    step = expression("numgen", n1=1, n2=2) + expression("lookup", n1="m", n2=1, n3=1)
    told = walked(step + expression("nat", n1=1, n2=2, n3=1), sets=sets).ways
    assert [(way.address, way.varies, way.match.further) for way in told] == [
        (b"\x0a\0\0\5", False, ()),
        (b"\x0a\0\0\6", False, ()),
    ]


def test_the_transparent_proxy():
    step = constant(b"\x7f\0\0\1") + constant(port(3129), 2) + expression("tproxy", n1=2, n2=1, n3=2)
    (way,) = walked(proto(6) + dport() + compare(port(80)) + step).ways
    assert (way.action, way.address, way.first) == ("tproxy", b"\x7f\0\0\1", 3129)


def test_devices_prefixes_and_this_machines_own_addresses():
    device = expression("meta", n1=1, n2=IIFNAME) + compare(b"eth0".ljust(16, b"\0"))
    assert ways(device + redirect(1))[0][1].devices == ("eth0",)
    other = expression("meta", n1=1, n2=IIFNAME) + compare(b"docker0\0", 1)
    assert ways(other + redirect(1))[0][1].further == ("not through docker0",)
    local = expression("fib", n1=1, n2=3, n3=2) + compare(b"\2\0\0\0")
    assert ways(local + redirect(1))[0][1].local
    masked = expression("payload", n1=1, n2=1, n3=16, n4=4)
    masked += expression("bitwise", n1=1, n2=1, n3=4, n4=data(b"\xff\xff\xf0\0"), n5=data(bytes(4)))
    assert ways(masked + compare(b"\xc0\0\x10\0") + redirect(1), family="ip")[0][1].addresses == (
        (b"\xc0\0\x10\0", 20),
    )


def test_any_other_condition_is_a_word_and_hides_nothing():
    state = expression("ct", n1=1, n2=0) + expression(
        "bitwise", n1=1, n2=1, n3=4, n4=data(b"\x08\0\0\0"), n5=data(bytes(4))
    )
    assert ways(state + compare(bytes(4), 1) + redirect(1)) == [("redirect", Match(further=("its connection",)), 1)]
    assert ways(expression("surprise") + redirect(1))[0][1].further == ("a further condition",)


def test_of_the_wrong_family_nothing_is_led():
    step = constant(b"\x0a\0\0\2") + expression("nat", n1=1, n2=2, n3=1)
    assert ways(step, family="ip6") == []
    assert len(ways(step, family="ip")) == 1


def test_only_what_comes_in_counts():
    walk = walked(chains=(Chain("inet", "t", "out", 3, "nat"),), more=[("out", redirect(1)), ("post", redirect(2))])
    assert walk.ways == []


def test_what_is_handed_to_other_devices_at_ingress_is_a_puzzle():
    hand = constant(b"\2\0\0\0") + expression("fwd", n1=1)
    walk = walked(chains=(Chain("inet", "t", "early", 5, "filter"),), more=[("early", hand)])
    assert list(walk.puzzles) == [Puzzle("what is handed to other devices at ingress (fwd)", "inet t early")]
    assert not walked(chains=(Chain("inet", "t", "early", 5, "filter"),), more=[("early", go(0))]).puzzles


def test_a_target_that_is_not_understood_is_a_puzzle():
    step = expression("target", n1="DNAT", n2=7, n3=b"")
    assert list(walked(step, family="ip").puzzles) == [Puzzle("a target DNAT of revision 7", "ip t pre")]
    assert list(walked(expression("target", n1="NETMAP", n2=0, n3=b""), family="ip").puzzles)
    assert not walked(expression("target", n1="LOG", n2=0, n3=b""), family="ip").puzzles


def test_more_cases_than_are_kept_are_a_puzzle(monkeypatch):
    monkeypatch.setattr(nat_rules, "BRANCHES", 3)
    sets = {"m": [Element(port(at), data=port(at)) for at in range(1, 9)]}
    walk = walked(dport() + expression("lookup", n1="m", n2=1, n3=1) + expression("redir", n1=1), sets=sets)
    assert (len(walk.ways), len(walk.puzzles)) == (3, 1)


NAMES = st.sampled_from(
    ("meta", "payload", "cmp", "range", "lookup", "immediate", "nat", "redir", "tproxy", "fib", "bitwise", "match", "x",
     "ct", "target", "numgen")
)  # fmt: skip
VALUES = st.one_of(
    st.integers(0, 20),
    st.integers(0, 2**32 - 1),
    st.sampled_from(("s", "tcp", "DNAT", "REDIRECT")),
    st.binary(max_size=20).map(data),
    st.binary(max_size=20),
    st.tuples(st.integers(-5, 2), st.sampled_from(("", "pre"))).map(lambda pair: rules.verdict(*pair)),
)
STEPS = st.builds(lambda name, values: expression(name, **values), NAMES, st.dictionaries(
    st.sampled_from([f"n{at}" for at in range(1, 8)]), VALUES, max_size=7))  # fmt: skip
ELEMENTS = st.lists(
    st.builds(
        Element,
        key=st.binary(max_size=8),
        end=st.none() | st.binary(max_size=8),
        data=st.binary(max_size=8),
        flags=st.integers(0, 3),
    ),
    max_size=5,
)


@given(st.lists(st.lists(STEPS, max_size=6), max_size=4), ELEMENTS, st.sampled_from(("ip", "ip6", "inet")))
def test_no_rule_breaks_the_walk(steps, elements, family):
    found = [Rule(family, "t", "pre", b"".join(one)) for one in steps]
    walk = Walk([Chain(family, "t", "pre", 0)], lambda *_: found, lambda *_: (elements, True))
    try:
        walk.run()
    except Truncated:
        return
    for way in walk.ways:
        assert 0 <= way.first < 65536
        assert len(way.address) in (0, 4, 16)
        assert all(len(packed) in (4, 16) and bits <= 8 * len(packed) for packed, bits in way.match.addresses or ())

"""Reasons are sorted, the worst is the severity, and an inventory comes back whole, in order and judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.opening import Opening
    from hb_engine.model.verdict import Reason

import pytest
from tests.judge.builders import facts, opening, owner, stray, threat

from hb_engine.judge import kit
from hb_engine.judge.judgement import QUIET, judge_inventory, judge_opening, packages_asked
from hb_engine.model.answer import Answer
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns
from hb_engine.model.record import replace


def said(name: str, *severities: str) -> kit.Loaded:
    """A rule that always says the same."""
    rule = kit.Rule(name, "medium", "a fixed opinion")
    return kit.Loaded(rule, lambda _: iter([rule.reason("so it is", severity=severity) for severity in severities]))


def inventory(*openings: Opening, sources: tuple[str, ...] = (), privileged: bool = True) -> Inventory:
    return Inventory(Host("web-17", "Debian 12"), 1.0, Coverage(privileged, sources), openings)


def spying() -> tuple[list[kit.Facts], kit.Loaded]:
    """A rule that keeps the facts that it was given."""
    seen: list[kit.Facts] = []

    def judge(given: kit.Facts) -> Iterator[Reason]:
        seen.append(given)
        return iter(())

    return seen, kit.Loaded(kit.Rule("spy", "info", "keeps what it sees"), judge)


@pytest.mark.parametrize(
    ("rules", "severity", "word"),
    [
        ([], "none", "quiet"),
        ([said("a", "info")], "info", "quiet"),
        ([said("a", "low")], "low", "look"),
        ([said("a", "info"), said("b", "medium")], "medium", "look"),
        ([said("a", "high"), said("b", "medium")], "high", "alarm"),
        ([said("a", "low", "critical")], "critical", "alarm"),
    ],
)
def test_the_worst_reason_is_the_severity(rules, severity, word):
    judgement = judge_opening(facts(opening()), rules)
    assert (judgement.severity, judgement.word) == (severity, word)


def test_reasons_are_ordered_by_severity_then_by_rule():
    judgement = judge_opening(facts(opening()), [said("b", "low", "high"), said("a", "high"), said("c", "info")])
    assert [(r.rule, r.severity) for r in judgement.reasons] == [
        ("a", "high"),
        ("b", "high"),
        ("b", "low"),
        ("c", "info"),
    ]


def test_a_rules_mistake_is_not_swallowed():
    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge_opening(facts(opening()), [kit.Loaded(kit.Rule("x", "low", "x"), broken)])


def test_silence_costs_no_object():
    assert judge_opening(facts(opening()), []) is QUIET


def test_an_inventory_comes_back_in_order_with_verdicts():
    judged = judge_inventory(inventory(opening(80), opening(22)), [said("a", "low")])
    assert [(o.port, o.verdict and o.verdict.severity) for o in judged] == [(80, "low"), (22, "low")]


def test_siblings_share_transport_port_and_namespace():
    one, two = opening(80), opening(80, owner("/usr/bin/other"))
    apart = [opening(80, transport="udp"), opening(81), opening(80, netns=Netns(9, kind="container")), opening(None)]
    seen, spy = spying()
    judge_inventory(inventory(one, two, *apart), [spy])
    assert [given.siblings for given in seen] == [(two,), (one,), (), (), (), ()]


def test_threats_are_asked_once_for_each_port():
    asked = []

    def threats(transport, port):
        asked.append((transport, port))
        return [threat(port=port)]

    seen, spy = spying()
    judge_inventory(inventory(opening(80), opening(80), opening(None), opening(22)), [spy], threats)
    assert asked == [("tcp", 80), ("tcp", 22)]
    assert [len(given.threats) for given in seen] == [1, 1, 0, 1]


def test_facts_carry_the_look():
    seen, spy = spying()
    judge_inventory(inventory(opening(), privileged=False), [spy])
    assert (seen[0].now, seen[0].coverage.privileged) == (1.0, False)


def test_facts_carry_what_was_said_and_what_history_knows_by_key():
    one, two = opening(80), opening(81)
    said = Answer("tcp", 80, "open", "syn-ack")
    seen, spy = spying()
    judge_inventory(inventory(one, two), [spy], answers={one.key: said}, first_seen={two.key: 7.0}, looking_since=5.0)
    assert [given.answer for given in seen] == [said, None]
    assert [given.first_seen for given in seen] == [None, 7.0]
    assert [given.looking_since for given in seen] == [5.0, 5.0]


def test_facts_carry_the_hosts_own_ports():
    seen, spy = spying()
    here = inventory(opening(80))
    judge_inventory(here, [spy])
    judge_inventory(replace(here, host=replace(here.host, local_ports=(1, 2))), [spy])
    assert [given.local_ports for given in seen] == [None, (1, 2)]


@pytest.mark.parametrize(
    ("of", "asked"),
    [
        (inventory(opening(1, stray())), False),
        (inventory(opening(1, stray()), sources=("sock_diag tcp", "dpkg: 812 packages")), True),
        (inventory(opening(1, stray()), sources=("rpm",)), True),
        (inventory(opening(1, stray()), sources=("psutil net_connections",)), False),
        (inventory(opening(1, stray()), opening(2, owner())), True),
        (inventory(), False),
    ],
)
def test_packages_were_asked_where_a_manager_answered(of, asked):
    assert packages_asked(of) is asked


def test_judging_twice_is_judging_once():
    first = judge_inventory(inventory(opening(80)), [said("a", "low")])
    assert judge_inventory(replace(inventory(), openings=first), [said("a", "low")]) == first

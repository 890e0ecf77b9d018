"""What lists are made of: orders that a second look does not shuffle."""

from __future__ import annotations

from tests.faces import judged
from tests.faces.web.api import asking

from hb_engine.app.hub.sight import Machine
from hb_engine.faces.web.api.views import PORTLESS, VIEWS, View, count, place, unseen
from hb_engine.model.inventory import Coverage
from hb_engine.model.record import replace


def test_the_order_is_the_same_whatever_order_was_seen():
    hub = asking.site().hub
    shuffled = replace(asking.FIRST, seen=replace(asking.FIRST.seen, openings=asking.FIRST.seen.openings[::-1]))
    one = View(hub, asking.SIGHT).openings(asking.FIRST)
    other = View(hub, asking.SIGHT).openings(shuffled)
    assert [key for key, _ in one] == [key for key, _ in other]


def test_what_has_no_port_stands_last():
    assert place(asking.RAW)[0] == PORTLESS
    assert VIEWS.of(asking.site().hub).openings(asking.BLIND)[-1][1] is asking.RAW


def test_verdicts_are_the_worst_first_and_stay_in_their_order():
    hub = asking.site().hub
    turned = replace(
        asking.SIGHT,
        machines=(replace(asking.FIRST, report=replace(judged.DRIFTED, verdicts=judged.DRIFTED.verdicts[::-1])),),
    )
    plain = replace(asking.SIGHT, machines=(asking.FIRST,))
    assert [key for key, _, _ in View(hub, turned).verdicts] == [key for key, _, _ in View(hub, plain).verdicts]


def test_rules_with_what_they_cover():
    made = View(asking.site().hub, asking.SIGHT)
    assert [rule.id for _, rule, _, _ in made.rules] == ["cache", "no-telnet", "old", "other", "web-https"]
    assert View(asking.site().hub, replace(asking.SIGHT, baseline=None)).rules == []


def test_gaps_and_filters_are_troubles():
    partial = replace(asking.FIRST, seen=replace(asking.FIRST.seen, coverage=Coverage(True, (), (), "ports 22")))
    assert [one.message for one in unseen(partial)] == ["only ports 22 was asked for"]
    assert len(unseen(asking.BLIND)) == 2
    assert [one.about for one in View(asking.site().hub, asking.SIGHT).unjudged()] == [asking.BLIND.name]


def test_counts_have_every_state():
    assert count(judged.QUIET) == dict.fromkeys(("drift", "debt", "note", "unseen", "muted", "accepted"), 0)
    assert count(judged.BLIND)["unseen"] == 1


def test_by_port():
    found = View(asking.site().hub, asking.SIGHT).by_port
    assert {machine.name for machine, _ in found[22]} == {"web-17", "db-3", asking.BLIND.name}
    assert all(isinstance(machine, Machine) for here in found.values() for machine, _ in here)

"""Looks share rules where these say the same, and never where a rule ended or a window may have opened between."""

from __future__ import annotations

import pytest

from hb_engine.app.ruling.baseline import zone
from hb_engine.app.ruling.ready import DAY, Ready
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.model.baseline import Baseline, Hours, Listen, Rule, Window
from hb_engine.model.inventory import Host
from hb_engine.model.opening import Netns, Opening

NOON = 20_000 * DAY + DAY // 2
PLACE = (Listen("tcp", 8080, 8080),)
OPEN = Opening("listener", "tcp", 8080, ("0.0.0.0",), ("ipv4",), "public", Netns(0))
LASTING = Baseline((Rule("allow", "a", PLACE),))
ENDING = Baseline((Rule("allow", "a", PLACE, until=NOON),))
HOURS = Hours(tuple(range(7)), 12 * 60, 13 * 60)
WINDOWED = Baseline((Rule("allow", "a", PLACE),), (), (Window("noon", "only", ("a",), every=(HOURS,)),))


def word(ready, baseline, now):
    return Decider(baseline, Host("web-1", ""), now, shared=ready.rules(baseline, now)).decide(OPEN).word


def test_looks_of_one_day_share_their_rules():
    ready = Ready(zone)
    assert ready.rules(LASTING, NOON) is ready.rules(LASTING, NOON + 3600)


def test_two_baselines_are_kept_side_by_side():
    ready = Ready(zone)
    first = ready.rules(LASTING, NOON), ready.rules(ENDING, NOON)
    assert first == (ready.rules(LASTING, NOON + 1), ready.rules(ENDING, NOON + 1))
    assert first[0] is not first[1]


def test_looks_of_any_day_share_rules_of_which_none_has_ended():
    ready = Ready(zone)
    assert ready.rules(LASTING, NOON) is ready.rules(LASTING, NOON + 400 * DAY)
    assert ready.rules(ENDING, NOON - 1) is ready.rules(ENDING, NOON - 9 * DAY)


def test_how_long_ago_a_rule_ended_is_told_as_of_the_look():
    ready = Ready(zone)
    told = [
        Decider(ENDING, Host("web-1", ""), at, shared=ready.rules(ENDING, at)) for at in (NOON + DAY, NOON + 9 * DAY)
    ]
    first, second = [decider.decide(OPEN).detail for decider in told]
    assert "1 day ago" in first
    assert "9 days ago" in second


def test_looks_share_rules_where_the_same_windows_are_open():
    ready = Ready(zone)
    assert ready.rules(WINDOWED, NOON + 60) is ready.rules(WINDOWED, NOON + 7 * DAY + 1800)
    assert ready.rules(WINDOWED, NOON + 60) is not ready.rules(WINDOWED, NOON - 60)


def test_few_are_kept_and_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr("hb_engine.app.ruling.ready.KEPT", 3)
    ready = Ready(zone)
    made = [ready.rules(ENDING, NOON + day * DAY) for day in range(20)]
    assert ready.rules(ENDING, NOON + 19 * DAY) is made[-1]
    assert ready.rules(ENDING, NOON) is not made[0]
    assert len(ready._found) <= 4


def test_more_rules_than_are_kept_are_kept_once(monkeypatch):
    monkeypatch.setattr("hb_engine.app.ruling.ready.KEPT", 0)
    ready = Ready(zone)
    assert ready.rules(LASTING, NOON) is ready.rules(LASTING, NOON + 1)


@pytest.mark.parametrize(("baseline", "seconds", "before"), [(ENDING, 1, "expected"), (WINDOWED, 30, "out-of-window")])
def test_what_ends_or_begins_between_two_looks_is_told(baseline, seconds, before):
    ready = Ready(zone)
    told = [word(ready, baseline, NOON - seconds), word(ready, baseline, NOON + seconds)]
    assert told == [before, "expired" if before == "expected" else "expected"]
    assert told == [word(Ready(zone), baseline, NOON + at) for at in (-seconds, seconds)]


def test_a_baseline_that_is_gone_lends_its_place_to_no_other():
    ready = Ready(zone)
    for minutes in range(50):  # an id of one that was freed may come again
        baseline = Baseline((Rule("allow", "a", PLACE, until=NOON + minutes),))
        assert word(ready, baseline, NOON) == ("expected" if minutes else "expired")
        del baseline

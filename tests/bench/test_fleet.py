"""The fleet that is made up for measuring: the same again, another for each host, and judged as it was planned."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest

from bench import fleet
from hb_engine.baseline.deciding.conflicts import problems
from hb_engine.baseline.deciding.decide import Decider
from hb_engine.baseline.deciding.rules import Rules
from hb_engine.model.record import replace


def hosts(count, **more):
    return [fleet.Machine(number, **more) for number in range(count)]


def test_the_same_fleet_comes_again():
    assert fleet.stream(3, 6) == fleet.stream(3, 6)
    assert fleet.Machine(5).openings() == fleet.Machine(5).openings()
    assert fleet.baseline(900) == fleet.baseline(900)


def test_hosts_are_unlike():
    found = [machine.host for machine in hosts(200)]
    for name in ("name", "boot_id", "machine", "addresses"):
        assert len({getattr(host, name) for host in found}) == 200
    seen = [opening for machine in hosts(20) for opening, _ in machine.openings()]
    assert len({opening.inodes for opening in seen}) > 0.99 * len(seen)
    assert len({opening.owners[0].cmdline for opening in seen}) > 0.5 * len(seen)
    assert len({opening.key for opening in seen}) > 200


@pytest.mark.parametrize("count", [fleet.LEAST, 2000])
def test_a_baseline_has_as_many_rules_as_were_asked_for(count):
    found = fleet.baseline(count)
    assert len(found.rules) == count
    assert len({rule.id for rule in found.rules}) == count
    assert not [problem for problem in problems(found, fleet.NOW) if problem.level == "error"]


@pytest.mark.slow
@pytest.mark.parametrize("unique", [False, True])
@pytest.mark.parametrize("count", [fleet.LEAST, 2000])
def test_every_opening_gets_the_word_that_was_planned(monkeypatch, unique, count):
    monkeypatch.setattr(fleet, "DRIFTS", 0.1)
    rules = fleet.baseline(count, unique=unique)
    shared = Rules(rules, fleet.NOW)
    words: Counter[str] = Counter()
    for machine in hosts(40, unique=unique):
        decider = Decider(rules, machine.host, fleet.NOW, shared=shared)
        for opening, word in machine.openings():
            assert decider.decide(opening).word == word, (opening, decider.explain(opening).detail)
            words[word] += 1
    assert set(words) == {"expected", "unmatched", "forbidden", "owner-changed", "widened", "out-of-window", "expired"}


def test_no_two_openings_of_a_unique_fleet_are_alike():
    names = [opening.owners[0].comm for machine in hosts(20, unique=True) for opening, _ in machine.openings()]
    assert len(set(names)) == len(names)


def test_what_is_planned_is_not_what_is_always_said():
    """With another baseline the words are others: the comparison can fail."""
    machine = fleet.Machine(1)
    none = Decider(replace(fleet.baseline(900), rules=()), machine.host, fleet.NOW)
    assert {none.decide(opening).word for opening, _ in machine.openings()} == {"unmatched"}


def test_a_stream_is_hosts_one_after_the_other():
    data = fleet.stream(7, 8)
    host, found = pickle.loads(data)  # noqa: S301 (made a line above)
    assert host == fleet.Machine(7).host
    assert len(found) == fleet.OPENINGS
    assert len(fleet.stream(7, 9)) > len(data)

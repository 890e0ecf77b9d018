"""The table of alarms counts what it was told, and its policy is one that hb reads."""

from __future__ import annotations

import json
from typing import Any

from bench.alarms import __main__ as alarms
from bench.alarms.events import EVENTS
from bench.alarms.peers import GOSS, RULES, counts, key

from hb_engine.baseline.language.parse import read

ROW = ("12", "8080", "6", "2", "00000000", "3", "777", "/usr/sbin/nginx", "33", "nginx", "net:[1]")
LOUD = next(event for event in EVENTS if event.alarm)
QUIET = next(event for event in EVENTS if not event.alarm)


def told(hb: list[str], **others: Any) -> dict[str, Any]:
    return {"hb": hb, "Wazuh 533": True, "osquery pack": True, "ODK": False, "goss": None, **others}


def test_the_page_counts_false_and_missed_alarms():
    text = alarms.page([(LOUD, told([LOUD.kind])), (QUIET, told([]))])
    assert f"| {LOUD.name} | alarm | {LOUD.kind} | alarm | alarm | **quiet** |" in text
    assert f"| {QUIET.name} | quiet | quiet | **alarm** | **alarm** | quiet |" in text
    assert "| **false alarms** | | 0 of 1 | 1 of 1 | 1 of 1 | 0 of 1 |" in text
    assert "| **missed** | | 0 of 1 | 0 of 1 | 0 of 1 | 1 of 1 |" in text
    assert "hb names the kind of 1 of 1" in text


def test_a_tool_that_is_not_installed_has_no_column_and_one_that_is_once_says_so():
    assert "goss |" not in alarms.page([(LOUD, told([]))])
    assert "not installed" in alarms.page([(LOUD, told([])), (QUIET, told([], goss=False))])


def test_a_wrong_word_of_hb_is_no_right_one():
    assert "hb names the kind of 0 of 1" in alarms.page([(LOUD, told(["suspicious"]))])


def test_the_policy_is_one_that_hb_reads():
    parsed = read([("rules.toml", RULES)], lambda _: None)
    assert [problem for problem in parsed.problems if problem.level == "error"] == []
    assert {rule.id for rule in parsed.baseline.rules} >= {"web", "cache", "telnet", "agent"}
    assert json.loads(json.dumps(GOSS)) == GOSS


def test_keys_of_the_defense_kit_know_no_pid():
    assert key(ROW) == (8080, "6", 33, "nginx")
    assert key(("13", "40000", *ROW[2:8], "1000", *ROW[9:])) == (32768, "6", 500, "nginx")
    assert counts(ROW)
    assert not counts(("1", "40000", "17", *ROW[3:]))
    assert counts(("1", "53", "17", *ROW[3:]))


def test_every_event_that_should_be_told_has_a_kind():
    assert all(bool(event.kind) is event.alarm for event in EVENTS)
    assert len({event.name for event in EVENTS}) == len(EVENTS)
    assert len({event.kind for event in EVENTS if event.alarm}) >= 8

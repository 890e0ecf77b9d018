"""Drift: the verdicts of hb check, whole, the worst first, and no machine called clean that was not judged."""

from __future__ import annotations

import json

import pytest
from tests.faces.judged import DRIFTED
from tests.faces.web.api import asking

from hb_engine.faces.export.report_json import verdict
from hb_engine.model.verdict import SEVERITIES
from hb_engine.wire.json_text import quote_whole


@pytest.fixture(scope="module")
def browser():
    with asking.client() as found:
        yield found


def test_drift_is_what_fails_a_check(browser):
    found, _ = asking.every(browser, "/drift", limit=2)
    assert {one["state"] for one in found} == {"drift"}
    ranks = [SEVERITIES.index(one["severity"]) for one in found]
    assert ranks == sorted(ranks, reverse=True)
    assert len(found) == 5


def test_verdicts_are_those_of_the_contract(browser):
    found, _ = asking.every(browser, "/drift", state="any", machine="web-17")
    theirs = [json.loads(verdict(one, quote_whole)) for one in DRIFTED.verdicts]
    assert sorted(map(str, found)) == sorted(map(str, theirs))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ({"severity": "critical"}, 1),
        ({"severity": "high"}, 3),
        ({"state": "debt"}, 1),
        ({"difference": "widened"}, 2),
        ({"machine": "db-3"}, 1),
        ({"machine": "nobody"}, 0),
        ({"state": "any", "severity": "none"}, 10),
    ],
)
def test_filters(browser, words, count):
    assert browser.get("/api/v1/drift", params=words).json()["total"] == count


def test_who_was_not_judged_is_named(browser):
    troubles = browser.get("/api/v1/drift?machine=nobody").json()["troubles"]
    assert [one for one in troubles if one["about"] == asking.BLIND.name and "baseline" in one["message"]]

"""Exit statuses, as a table: what was found, what fails, who asks."""

from __future__ import annotations

import pytest
from tests.faces.reports import ACCEPTED, DEBT, MUTED, NOTE, UNSEEN, drift, report

from hb_engine.faces.exits import DEFAULT, STYLES, status, trouble
from hb_engine.model.verdict import SEVERITIES

QUIET = (DEBT, NOTE, MUTED, ACCEPTED)
#                                          fail-on      plain nagios terraform
TABLE = [
    ((),                                   DEFAULT,     0, 0, 0),
    (QUIET,                                DEFAULT,     0, 0, 0),
    (QUIET,                                "low",       0, 0, 0),
    ((drift("info"),),                     DEFAULT,     1, 1, 2),
    ((drift("low"),),                      DEFAULT,     1, 1, 2),
    ((drift("medium"),),                   DEFAULT,     1, 1, 2),
    ((drift("high"),),                     DEFAULT,     1, 2, 2),
    ((drift("critical"),),                 DEFAULT,     1, 2, 2),
    ((drift("low"),),                      "medium",    0, 0, 0),
    ((drift("medium"),),                   "medium",    1, 1, 2),
    ((drift("medium"), drift("critical")), "high",      1, 2, 2),
    ((drift("high"),),                     "critical",  0, 0, 0),
    ((drift("critical"),),                 "none",      0, 0, 0),
    ((UNSEEN,),                            DEFAULT,     2, 3, 1),
    ((UNSEEN, *QUIET),                     DEFAULT,     2, 3, 1),
    ((UNSEEN, drift("high")),              DEFAULT,     1, 2, 2),
    ((UNSEEN, drift("low")),               "high",      2, 3, 1),
    ((UNSEEN, drift("critical")),          "none",      2, 3, 1),
    ((UNSEEN,),                            "none",      2, 3, 1),
]  # fmt: skip


@pytest.mark.parametrize(("verdicts", "fail_on", "plain", "nagios", "terraform"), TABLE)
def test_the_table(verdicts, fail_on, plain, nagios, terraform):
    told = [status([report(*verdicts)], fail_on, style) for style in STYLES]
    assert told == [plain, nagios, terraform]


def test_many_machines_are_as_bad_as_the_worst_of_them():
    machines = [report(), report(UNSEEN), report(drift("medium"))]
    assert [status(machines, DEFAULT, style) for style in STYLES] == [1, 1, 2]
    assert status([], DEFAULT) == 0


def test_trouble():
    assert [trouble(style) for style in STYLES] == [2, 3, 1]


@pytest.mark.parametrize("severity", SEVERITIES[1:])
def test_any_drift_fails_unless_somebody_says_otherwise(severity):
    assert status([report(drift(severity))]) == 1

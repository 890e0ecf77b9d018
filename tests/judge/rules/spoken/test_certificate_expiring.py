"""Soon is measured by the certificate's own life; what is renewed in time is never said."""

from __future__ import annotations

import pytest
from tests.judge.builders import NOW, answer, certificate, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import certificate_expiring as rule

DAY = 86400


def lives(days, left, **changes):
    """An answer with a certificate of a life of some days, of which some are left."""
    begins = NOW - int((days - left) * DAY)
    made = certificate(not_before=begins, not_after=begins + int(days * DAY), **changes)
    return answer(tls=tls("TLSv1.3", certificate=made))


@pytest.mark.parametrize(
    ("days", "left", "severity"),
    [
        (365, 30, "medium"),
        (365, 15, "medium"),
        (365, 14, "high"),
        (365, 0.5, "high"),
        (90, 26, "medium"),
        (90, 13, "high"),
        (47, 14, "medium"),
        (47, 7, "high"),
        (6, 1.5, "medium"),
        (6, 0.5, "high"),
    ],
)
def test_it_speaks(days, left, severity):
    assert severities(rule, opening(443), answer=lives(days, left)) == [severity]


@pytest.mark.parametrize(
    ("days", "left"), [(365, 31), (90, 30), (90, 28), (47, 16), (6, 3), (6, 2), (365, -1), (90, 91), (3650, 3000)]
)
def test_it_is_silent(days, left):
    assert heard(rule, opening(443), answer=lives(days, left)) == []


def test_without_an_answer_or_a_clock_it_is_silent():
    assert heard(rule, opening(443)) == []
    assert heard(rule, opening(443), answer=answer()) == []
    assert heard(rule, opening(443), answer=lives(365, 3), now=None) == []


@pytest.mark.parametrize(
    ("scope", "own", "severity"),
    [("private", False, "medium"), ("loopback", False, "info"), ("public", True, "medium")],
)
def test_less_is_made_of_it_where_fewer_check_it(scope, own, severity):
    assert severities(rule, opening(443, scope=scope), answer=lives(365, 3, self_signed=own)) == [severity]


@pytest.mark.parametrize(("left", "words"), [(0.5, "within a day"), (1.5, "in 1 day"), (12.5, "in 12 days")])
def test_it_says_when(left, words):
    (reason,) = rule.judge(facts(opening(443), answer=lives(365, left)))
    assert reason.text == f"its certificate expires {words}"
    assert "valid from" in reason.evidence[0]

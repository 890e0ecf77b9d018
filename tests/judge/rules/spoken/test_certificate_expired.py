"""What is not valid now is said by how far it reaches; what is, and what was not read, is not."""

from __future__ import annotations

import pytest
from tests.judge.builders import NOW, answer, certificate, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import certificate_expired as rule

DAY = 86400
OLD = certificate(not_before=NOW - 100 * DAY, not_after=NOW - 10 * DAY)
NEW = certificate(not_before=NOW + 3 * DAY, not_after=NOW + 90 * DAY)
OWN = certificate(not_before=NOW - 100 * DAY, not_after=NOW - 10 * DAY, self_signed=True)


def said(of):
    return answer(tls=tls("TLSv1.3", certificate=of))


@pytest.mark.parametrize(
    ("scope", "of", "severity"),
    [
        ("public", OLD, "high"),
        ("private", OLD, "medium"),
        ("loopback", OLD, "low"),
        ("public", NEW, "high"),
        ("public", OWN, "medium"),
        ("loopback", OWN, "info"),
        ("public", certificate(not_after=NOW - 1), "high"),
    ],
)
def test_it_speaks(scope, of, severity):
    assert severities(rule, opening(443, scope=scope), answer=said(of)) == [severity]


@pytest.mark.parametrize(
    "of", [None, certificate(), certificate(not_after=NOW), certificate(not_before=NOW), certificate(not_after=0)]
)
def test_it_is_silent(of):
    assert heard(rule, opening(443), answer=said(of)) == []


def test_without_an_answer_or_a_clock_it_is_silent():
    assert heard(rule, opening(443)) == []
    assert heard(rule, opening(443), answer=answer()) == []
    assert heard(rule, opening(443), answer=said(OLD), now=None) == []


@pytest.mark.parametrize(
    ("ago", "words"), [(60, "expired today"), (DAY, "expired yesterday"), (10 * DAY, "expired 10 days ago")]
)
def test_it_says_since_when(ago, words):
    (reason,) = rule.judge(facts(opening(443), answer=said(certificate(not_after=NOW - ago))))
    assert reason.text == f"its certificate {words}"


def test_whose_it_is_and_by_whom_is_the_evidence():
    (reason,) = rule.judge(facts(opening(443), answer=said(OLD)))
    assert reason.evidence[0].startswith("CN=www.example.org, valid from 2026-")
    assert reason.evidence[1] == "by CN=R11, O=Let's Encrypt"
    (early,) = rule.judge(facts(opening(443), answer=said(NEW)))
    assert early.text == "its certificate is not valid yet"

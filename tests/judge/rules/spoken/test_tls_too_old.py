"""Withdrawn versions are said where they were seen to be accepted; newer ones, and what was not seen, are not."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import tls_too_old as rule
from hb_engine.model.identity import Tls

HTTPS = opening(443)


@pytest.mark.parametrize(
    ("it", "inside", "severity"),
    [
        (HTTPS, tls("TLSv1", "TLSv1.1", "TLSv1.2"), "medium"),
        (HTTPS, tls("TLSv1.1", "TLSv1.2", "TLSv1.3"), "medium"),
        (HTTPS, tls("SSLv3", "TLSv1", "TLSv1.2"), "high"),
        (HTTPS, tls("SSLv2"), "high"),
        (HTTPS, tls("DTLSv1"), "medium"),
        (HTTPS, Tls("TLSv1"), "medium"),
        (HTTPS, tls("TLSv1", how="starttls"), "low"),
        (HTTPS, tls("SSLv3", how="starttls"), "high"),
        (opening(443, scope="private"), tls("TLSv1", "TLSv1.2"), "low"),
        (opening(443, scope="private"), tls("SSLv3", "TLSv1.2"), "medium"),
        (opening(443, scope="loopback"), tls("SSLv3"), "info"),
    ],
)
def test_it_speaks(it, inside, severity):
    assert severities(rule, it, answer=answer(tls=inside)) == [severity]


@pytest.mark.parametrize(
    "inside",
    [None, tls("TLSv1.2", "TLSv1.3"), tls("TLSv1.3"), tls("DTLSv1.2"), Tls(), Tls(problem="closed"), tls("QUICv1")],
)
def test_it_is_silent(inside):
    assert heard(rule, HTTPS, answer=answer(tls=inside)) == []


def test_where_nobody_was_asked_it_is_silent():
    assert heard(rule, HTTPS) == []


def test_a_server_that_can_do_nothing_better_is_told_apart():
    (both,) = rule.judge(facts(HTTPS, answer=answer(tls=tls("TLSv1", "TLSv1.2", cipher="AES128-SHA"))))
    (only,) = rule.judge(facts(HTTPS, answer=answer(tls=tls("SSLv3", "TLSv1", cipher="AES128-SHA"))))
    assert both.text == "accepts TLSv1"
    assert both.evidence == ("versions that were seen to be accepted: TLSv1, TLSv1.2",)
    assert only.text == "accepts SSLv3, TLSv1, and nothing newer was seen"
    assert only.evidence[1] == "cipher: AES128-SHA"

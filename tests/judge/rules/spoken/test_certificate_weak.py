"""Keys and signatures that can be forged are said; signing oneself is a remark, and sound ones are silent."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, certificate, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import certificate_weak as rule


def said(**changes):
    return answer(tls=tls("TLSv1.2", certificate=certificate(**changes)))


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"key": "RSA 1024"}, "medium"),
        ({"key": "RSA 2047"}, "medium"),
        ({"key": "RSA-PSS 1024"}, "medium"),
        ({"key": "DSA 2048"}, "medium"),
        ({"key": "EC P-192"}, "medium"),
        ({"signature": "sha1WithRSAEncryption"}, "medium"),
        ({"signature": "md5WithRSAEncryption"}, "medium"),
        ({"signature": "ecdsa-with-SHA1"}, "medium"),
        ({"signature": "dsa-with-SHA1"}, "medium"),
        ({"self_signed": True}, "info"),
        ({"self_signed": True, "signature": "sha1WithRSAEncryption"}, "info"),
        ({"self_signed": True, "key": "RSA 1024"}, "medium"),
    ],
)
def test_it_speaks(changes, severity):
    assert severities(rule, opening(443), answer=said(**changes)) == [severity]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"key": "RSA 2048"},
        {"key": "RSA 4096"},
        {"key": "Ed25519"},
        {"key": "ML-DSA-65"},
        {"key": "EC explicit parameters"},
        {"key": "RSA"},
        {"key": ""},
        {"signature": "ecdsa-with-SHA256"},
        {"signature": "rsassaPss"},
        {"signature": "SM2-with-SM3"},
        {"signature": ""},
    ],
)
def test_it_is_silent(changes):
    assert heard(rule, opening(443), answer=said(**changes)) == []


def test_where_it_does_not_matter_or_was_not_read_it_is_silent():
    assert heard(rule, opening(443)) == []
    assert heard(rule, opening(443), answer=answer()) == []
    assert heard(rule, opening(443, scope="loopback"), answer=said(key="RSA 1024")) == []
    assert heard(rule, opening(443, scope="private"), answer=said(self_signed=True)) == []
    assert severities(rule, opening(443, scope="private"), answer=said(key="RSA 1024")) == ["low"]


def test_what_is_weak_is_named():
    (reason,) = rule.judge(facts(opening(443), answer=said(key="RSA 1024")))
    assert reason.text == "its certificate has an RSA key of 1024 bits"
    assert reason.evidence == ("CN=www.example.org: RSA 1024, sha256WithRSAEncryption",)

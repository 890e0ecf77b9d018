"""Ciphers are judged by the parts of their names, in both spellings; a part inside a word is none."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import tls_weak_cipher as rule

HTTPS = opening(443)


@pytest.mark.parametrize(
    ("cipher", "severity"),
    [
        ("NULL-SHA", "high"),
        ("ECDHE-RSA-NULL-SHA", "high"),
        ("TLS_RSA_WITH_NULL_SHA256", "high"),
        ("ADH-AES256-GCM-SHA384", "high"),
        ("AECDH-AES256-SHA", "high"),
        ("TLS_DH_anon_WITH_AES_128_CBC_SHA", "high"),
        ("EXP-RC4-MD5", "high"),
        ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", "high"),
        ("RC4-SHA", "medium"),
        ("ECDHE-RSA-RC4-SHA", "medium"),
        ("DES-CBC3-SHA", "medium"),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "medium"),
    ],
)
def test_it_speaks(cipher, severity):
    assert severities(rule, HTTPS, answer=answer(tls=tls("TLSv1.2", cipher=cipher))) == [severity]


@pytest.mark.parametrize(
    "cipher",
    [
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-SHA",
        "DHE-RSA-CAMELLIA128-SHA",
        "AES128-SHA",
        "",
    ],
)
def test_it_is_silent(cipher):
    assert heard(rule, HTTPS, answer=answer(tls=tls("TLSv1.2", cipher=cipher))) == []


def test_without_tls_or_an_answer_it_is_silent():
    assert heard(rule, HTTPS) == []
    assert heard(rule, HTTPS, answer=answer()) == []


@pytest.mark.parametrize(
    ("scope", "how", "severity"),
    [("private", "implicit", "medium"), ("loopback", "implicit", "info"), ("public", "starttls", "medium")],
)
def test_less_is_made_of_it_where_less_depends_on_it(scope, how, severity):
    said = answer("smtp", tls=tls("TLSv1.2", how=how, cipher="ADH-AES256-SHA"))
    assert severities(rule, opening(25, scope=scope), answer=said) == [severity]


def test_the_cipher_is_named():
    (reason,) = rule.judge(facts(HTTPS, answer=answer(tls=tls("TLSv1.2", cipher="RC4-SHA"))))
    assert reason.text == "chose the cipher RC4-SHA, which is broken"

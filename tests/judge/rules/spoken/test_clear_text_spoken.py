"""What was heard in clear is said by whether it can do better; TLS from the first byte, or insisted on, is silent."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities, tls

from hb_engine.judge.rules.spoken import clear_text_spoken as rule
from hb_engine.model.opening import Netns

REALM = (("realm", "router"),)
AUTH = (("authentication", "PLAIN LOGIN"),)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        (answer("telnet"), "medium"),
        (answer("ftp", starttls="absent"), "low"),
        (answer("ftp", starttls="offered"), "info"),
        (answer("imap", starttls="absent"), "medium"),
        (answer("imap", starttls="offered", tls=tls("TLSv1.3", how="starttls")), "info"),
        (answer("pop3", starttls="absent"), "medium"),
        (answer("smtp", starttls="absent", facts=AUTH), "medium"),
        (answer("smtp", starttls="offered", facts=AUTH), "info"),
        (answer("ldap", starttls="absent"), "medium"),
        (answer("mysql", starttls="absent"), "low"),
        (answer("vnc", starttls="absent"), "low"),
        (answer("http", guarded=True, facts=REALM), "low"),
        (answer("redis", guarded=True, evidence="-NOAUTH Authentication required."), "low"),
        (answer("mqtt", guarded=True), "low"),
        (answer("tftp"), "medium"),
        (answer("chargen"), "medium"),
    ],
)
def test_it_speaks(said, severity):
    assert severities(rule, opening(1703), answer=said) == [severity]


@pytest.mark.parametrize(
    "said",
    [
        None,
        answer("ssh"),
        answer("http"),
        answer("http", guarded=True),
        answer("http", facts=REALM),
        answer("http", guarded=True, facts=REALM, tls=tls("TLSv1.3")),
        answer("telnet", tls=tls("TLSv1.3")),
        answer("telnet", proof="port"),
        answer("imap", starttls="required"),
        answer("imap"),
        answer("smtp", starttls="absent"),
        answer("mysql", starttls="offered"),
        answer("vnc", starttls="offered"),
        answer("redis"),
        answer("redis", guarded=True, evidence="-DENIED Redis is running in protected mode"),
        answer("mqtt"),
        answer("mqtt", tls=tls("TLSv1.3")),
    ],
)
def test_it_is_silent(said):
    assert heard(rule, opening(1703), answer=said) == []


@pytest.mark.parametrize(
    "it",
    [
        opening(23, scope="loopback"),
        opening(23, netns=Netns(7, "shop", "container")),
        opening(23, flags=("not-listening",)),
    ],
)
def test_where_nobody_reaches_it_it_is_silent(it):
    assert heard(rule, it, answer=answer("telnet")) == []


def test_private_networks_are_one_step_milder():
    assert severities(rule, opening(23, scope="private"), answer=answer("telnet")) == ["low"]


def test_it_says_whether_tls_is_there_at_all():
    (none,) = rule.judge(facts(opening(143), answer=answer("imap", starttls="absent", evidence="* OK ready")))
    (later,) = rule.judge(facts(opening(143), answer=answer("imap", starttls="offered")))
    assert none.text == "imap in clear: passwords travel in clear text, and it has no TLS"
    assert none.evidence[0] == "* OK ready"
    assert later.text.endswith("unless the client asks for TLS")

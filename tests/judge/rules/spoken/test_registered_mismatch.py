"""What speaks where something else is registered: a remark mostly, worth a look where it gives access or hides."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities

from hb_engine.judge.rules.spoken import registered_mismatch as rule
from hb_engine.model.answer import HELD, Answer

OTHER = {"held": "other-service", "mismatch": "registered as https, speaks ssh"}
CLEAR = {"held": "tls-missing", "mismatch": "registered as https, which is inside TLS; http speaks in clear"}


@pytest.mark.parametrize(
    ("it", "said", "severity"),
    [
        (opening(443), answer("ssh", **OTHER), "medium"),
        (opening(443), answer("socks5", **OTHER), "medium"),
        (opening(8000), answer("ssh", **OTHER), "medium"),
        (opening(53), answer("http", **OTHER), "medium"),
        (opening(444), answer("http", **OTHER), "low"),
        (opening(444), answer("redis", **OTHER), "medium"),
        (opening(None), answer("http", **OTHER), "info"),
        (opening(3000), answer("http", **OTHER), "info"),
        (opening(9100), answer("http", **OTHER), "info"),
        (opening(443, scope="private"), answer("ssh", **OTHER), "low"),
        (opening(443, scope="loopback"), answer("ssh", **OTHER), "info"),
        (opening(443), answer("telnet", proof="pattern", **OTHER), "low"),
        (opening(443), answer("http", **CLEAR), "low"),
        (opening(443, scope="private"), answer("http", **CLEAR), "info"),
    ],
)
def test_it_speaks(it, said, severity):
    assert severities(rule, it, answer=said) == [severity]


@pytest.mark.parametrize("held", sorted(set(HELD) - {"other-service", "tls-missing"}))
def test_it_is_silent(held):
    assert heard(rule, opening(443), answer=answer("ssh", held=held, mismatch="registered as https, speaks ssh")) == []


@pytest.mark.parametrize(
    "said",
    [
        None,
        Answer("tcp", 443, "open", "syn-ack", held="other-service", mismatch="registered as https"),
        answer("ssh", held="other-service"),
        answer("ssh", proof="port", **OTHER),
    ],
)
def test_what_was_not_named_is_no_evidence(said):
    assert heard(rule, opening(443), answer=said) == []


def test_both_names_are_told_with_what_proved_the_second():
    (reason,) = rule.judge(facts(opening(443), answer=answer("ssh", evidence="SSH-2.0-OpenSSH_9.2p1", **OTHER)))
    assert reason.text == "registered as https, speaks ssh"
    assert reason.evidence[0] == "SSH-2.0-OpenSSH_9.2p1"
    assert "hb why 443" in reason.remedy

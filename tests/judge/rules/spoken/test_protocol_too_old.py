"""Versions that were given up are said where the server says that it takes them."""

from __future__ import annotations

import pytest
from tests.judge.builders import answer, facts, heard, opening, severities

from hb_engine.judge.rules.spoken import protocol_too_old as rule


@pytest.mark.parametrize(
    ("name", "info", "words"),
    [
        ("ssh", "Cisco, protocol 1.99", "accepts SSH 1"),
        ("ssh", "protocol 1.5", "accepts SSH 1"),
        ("microsoft-ds", "SMB 3.1.1, signing enabled, SMB 1 accepted", "accepts SMB 1"),
        ("netbios-ssn", "SMB 1 accepted", "accepts SMB 1"),
    ],
)
def test_it_speaks(name, info, words):
    assert heard(rule, opening(22), answer=answer(name, info=info, proof="banner")) == [("high", words)]


@pytest.mark.parametrize(
    ("name", "info"),
    [
        ("ssh", "Debian 2+deb12u3, protocol 2.0"),
        ("ssh", ""),
        ("ssh", "Debian protocol 1.5 build"),
        ("microsoft-ds", "SMB 3.1.1, signing required"),
        ("http", "protocol 1.5"),
        ("http", "SMB 1 accepted"),
    ],
)
def test_it_is_silent(name, info):
    assert heard(rule, opening(22), answer=answer(name, info=info)) == []


def test_where_nobody_was_asked_it_is_silent():
    assert heard(rule, opening(22)) == []
    assert heard(rule, opening(22), answer=answer("ssh", info="protocol 1.99", proof="port")) == []


@pytest.mark.parametrize(("scope", "severity"), [("private", "medium"), ("loopback", "info")])
def test_less_reach_is_milder(scope, severity):
    assert severities(rule, opening(22, scope=scope), answer=answer("ssh", info="protocol 1.99")) == [severity]


def test_the_remedy_is_that_of_the_protocol():
    (smb,) = rule.judge(facts(opening(445), answer=answer("microsoft-ds", info="SMB 1 accepted")))
    (ssh,) = rule.judge(facts(opening(22), answer=answer("ssh", info="protocol 1.99")))
    assert "SMB2" in smb.remedy
    assert "Protocol 2" in ssh.remedy

"""Checkmk's agent: the first section of its report. Built from its manual, no agent was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import check_mk

REPORT = b"<<<check_mk>>>\nVersion: 2.1.0p10\nAgentOS: linux\nHostname: web1\n<<<df>>>\n/dev/sda1 ext4 1 2 3\n"


def test_it_is_never_spoken_to():
    assert sent(check_mk.talk(peer())) == b""


def test_what_the_first_section_tells():
    named = hears(check_mk, "tcp", REPORT)
    assert (named.version, named.system, named.hostname) == ("2.1.0p10", "linux", "web1")


def test_what_later_sections_say_is_not_believed():
    named = hears(check_mk, "tcp", b"<<<check_mk>>>\nAgentOS: linux\n<<<local>>>\nVersion: 9\n")
    assert named.version == ""


@pytest.mark.parametrize(
    "greeting", [b"<<<check_mk>>>", b"<<<df>>>\nVersion: 1\n", b"16", b"<<<check_mk>>>Version: 1\n", b"220 x\r\n", b""]
)
def test_foreign_greetings(greeting):
    assert hears(check_mk, "tcp", greeting) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"<<<che", False),
        (REPORT[:60], False),
        (REPORT, True),
        (b"SSH-", True),
        (check_mk.START + bytes(600), True),
    ],
)
def test_when_it_has_heard_enough(data, whole):
    assert next(begin(check_mk)).until(data) == whole


@given(damaged(REPORT))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(check_mk, "tcp", *replies))

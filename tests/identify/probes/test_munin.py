"""Munin's node: its greeting, and its version."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import munin

GREETING, VERSION = captured("munin-node")


def test_it_greets_first():
    assert sent(munin.talk(peer())) == b""


def test_host_and_version():
    named = hears(munin, "tcp", GREETING, VERSION)
    assert (named.hostname, named.version) == ("server.hb.invalid", "2.0.73")


def test_without_a_version_it_is_munin_all_the_same():
    named = hears(munin, "tcp", GREETING, b"# Unknown command.\n")
    assert (named.name, named.version, named.cpe) == ("munin", "", ())


@pytest.mark.parametrize(
    "greeting", [b"# munin master at x\n", b"#munin node at x\n", b"# Munin node at x\n", b"220 x\r\n", b""]
)
def test_foreign_greetings(greeting):
    assert hears(munin, "tcp", greeting, VERSION) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [(b"", False), (b"# mun", False), (b"# munin node at ho", False), (b"# munin node at h\n", True), (b"SSH", True)],
)
def test_a_foreign_greeting_is_not_waited_for(data, whole):
    assert next(begin(munin)).until(data) == whole


@given(damaged(GREETING, VERSION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(munin, "tcp", *replies))

"""Asterisk's manager interface: known by its greeting. Built from its source, no server of it was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import asterisk

GREETING = b"Asterisk Call Manager/5.0.1\r\n"


def test_it_is_never_spoken_to():
    assert sent(asterisk.talk(peer())) == b""


@pytest.mark.parametrize("greeting", [GREETING, b"Asterisk Call Manager/1.1\n", GREETING + b"Event: FullyBooted\r\n"])
def test_greetings(greeting):
    named = hears(asterisk, "tcp", greeting)
    assert (named.name, named.product, named.version, named.proof) == ("asterisk", "Asterisk", "", "banner")
    assert named.guarded
    assert named.info.startswith("manager interface ")


@pytest.mark.parametrize(
    "greeting",
    [
        b"Asterisk Call Manager\r\n",
        b"Asterisk Call Manager/x\r\n",
        b"asterisk call manager/5\r\n",
        b"Content-Type: auth/request\n\n",
        b"220 x\r\n",
        b"",
    ],
)
def test_foreign_greetings(greeting):
    assert hears(asterisk, "tcp", greeting) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [(b"", False), (b"Aster", False), (b"Asterisk Call Manager/5", False), (GREETING, True), (b"SSH-2", True)],
)
def test_a_foreign_greeting_is_not_waited_for(data, whole):
    assert next(begin(asterisk)).until(data) == whole


@given(damaged(GREETING))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(asterisk, "tcp", *replies))

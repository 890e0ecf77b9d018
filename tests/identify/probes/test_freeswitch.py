"""FreeSWITCH's event socket: known by its wish for a password. Built from its source, no server was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import freeswitch

GREETING = b"Content-Type: auth/request\n\n"
REJECTION = b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"


def test_it_is_never_spoken_to():
    assert sent(freeswitch.talk(peer())) == b""


@pytest.mark.parametrize("greeting", [GREETING, REJECTION])
def test_greetings(greeting):
    named = hears(freeswitch, "tcp", greeting)
    assert (named.name, named.product, named.guarded) == ("freeswitch-event", "FreeSWITCH", True)


@pytest.mark.parametrize(
    "greeting",
    [b"Content-Type: text/html\n\n", b"content-type: auth/request\n", b"Content-Type: auth/request", b"220 x\r\n", b""],
)
def test_foreign_greetings(greeting):
    assert hears(freeswitch, "tcp", greeting) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [(b"", False), (b"Content-Type: ", False), (b"Content-Type: auth/requ", False), (GREETING, True), (b"220-", True)],
)
def test_a_foreign_greeting_is_not_waited_for(data, whole):
    assert next(begin(freeswitch)).until(data) == whole


@given(damaged(GREETING, REJECTION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(freeswitch, "tcp", *replies))

"""RouterOS's API: whatever a stranger says is fatal. Built from its documentation, no router was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import routeros_api

FATAL = b"\6!fatal\x0dnot logged in\0"
BYE = b"\6!fatal" + bytes([len(b"session terminated on request")]) + b"session terminated on request\0"


def test_it_says_goodbye_and_never_logs_in():
    query = sent(routeros_api.talk(peer()))
    assert query == b"\5/quit\0"
    assert b"login" not in query


@pytest.mark.parametrize("reply", [FATAL, BYE, b"\6!fatal\0"])
def test_fatal(reply):
    named = hears(routeros_api, "tcp", reply)
    assert (named.name, named.system, named.guarded) == ("routeros-api", "RouterOS", True)


@pytest.mark.parametrize("at", range(8))
def test_one_byte_away(at):
    assert hears(routeros_api, "tcp", changed(FATAL, at)) is None


@pytest.mark.parametrize("reply", [FATAL[:-1], FATAL + b"\0", b"\5!done\0", b"\6!fatal", b"\6!fatal\x80\x80", b""])
def test_what_is_not_its_answer(reply):
    assert hears(routeros_api, "tcp", reply) is None


@given(damaged(FATAL, BYE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(routeros_api, "tcp", *replies))

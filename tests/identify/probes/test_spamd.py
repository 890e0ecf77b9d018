"""spamd: PONG, and what an HTTP request gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import spamd

PONG = captured("spamd-debian")[0]


def test_pong():
    named = hears(spamd, "tcp", PONG)
    assert (named.name, named.product, named.info) == ("spamassassin", "SpamAssassin spamd", "protocol 1.5")
    assert sent(spamd.talk(peer())).startswith(b"PING ")


@pytest.mark.parametrize(
    "reply", [b"", b"SPAMD/1.5 0\r\n", b"SPAMD/1.0 76 Bad header line\r\n", changed(PONG, 0), b"PONG\r\n"]
)
def test_what_is_no_pong(reply):
    assert hears(spamd, "tcp", reply) is None


def test_what_an_http_request_gets():
    assert spamd.hint(b"SPAMD/1.0 76 Bad header line: GET / HTTP/1.1\r\n")
    assert not spamd.hint(b"HTTP/1.0 400\r\n")


@given(damaged(PONG))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(spamd, "tcp", *replies))

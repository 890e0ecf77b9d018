"""DNS over HTTPS is proved by a DNS message with our question's number."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import doh
from hb_engine.wire import hpack
from hb_engine.wire.http2 import DATA, END_HEADERS, END_STREAM, HEADERS, SETTINGS, frame

HEAD = b"HTTP/1.1 200 OK\r\nServer: h\r\nContent-Type: application/dns-message\r\n\r\n"
MESSAGE = b"01" + bytes.fromhex("818000010000000000000000020001")
GOOD = HEAD + MESSAGE
START = frame(SETTINGS, 0, 0)
NEWER = (
    START
    + frame(HEADERS, END_HEADERS, 1, hpack.encode([(":status", "200"), ("content-type", "application/dns-message")]))
    + frame(DATA, END_STREAM, 1, MESSAGE)
)


def test_the_question_is_about_the_root():
    assert sent(doh.talk(peer())).startswith(b"GET /dns-query?dns=MDEBAAABAAAAAAAAAAACAAE HTTP/1.1\r\n")


@pytest.mark.parametrize("replies", [(GOOD,), (START, True, NEWER), (Reply.of(b"", "closed"), True, NEWER)])
def test_an_answer_over_either_http(replies):
    named = hears(doh, "tcp", *replies, tls=True)
    assert (named.name, named.proof) == ("http", "nonce")
    assert ("dns-over-https", "yes") in named.facts


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        GOOD.replace(b"200 OK", b"404 No"),
        GOOD.replace(b"dns-message", b"json"),
        HEAD + b"10" + MESSAGE[2:],  # another number
        HEAD + MESSAGE[:2] + b"\x01" + MESSAGE[3:],  # a question
        HEAD + MESSAGE[:11],
        START,
    ],
)
def test_what_is_near(reply):
    assert hears(doh, "tcp", reply) is None


@given(damaged(GOOD, NEWER, START))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(doh.talk(peer()), [part for reply in replies for part in (reply, True)]))

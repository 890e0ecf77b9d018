"""A WebSocket is proved by what only a reader of our key can answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.pages import BLOG, page
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import http, websocket

ACCEPT = b"BACScCJPNqyz+UBoqMH89VmURoA="  # for the nonce of all captures, as a real server computed it
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nServer: x/1\r\nSec-WebSocket-Accept: %b\r\n\r\n"
GOOD = SWITCHED % ACCEPT
WANTS = b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n"


def test_the_request_carries_the_nonce():
    asked = sent(websocket.talk(peer()))
    assert b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n" in asked
    assert b"Connection: Upgrade\r\n" in asked
    assert b"Connection: close" not in asked


def test_a_switch_is_proved():
    named = hears(websocket, "tcp", GOOD)
    assert (named.name, named.product, named.proof, named.info) == ("http", "x", "nonce", "WebSocket")
    assert ("websocket", "yes") in named.facts


@pytest.mark.parametrize(
    "reply",
    [b"", SWITCHED % b"x", SWITCHED % ACCEPT.lower(), GOOD.replace(b"101", b"200"), WANTS, b"SSH-2.0-x\r\n",
     b"HTTP/1.1 101 Switching Protocols\r\n\r\n"],
)  # fmt: skip
def test_what_is_near(reply):
    assert hears(websocket, "tcp", Reply.of(reply, "closed")) is None


@pytest.mark.parametrize(
    ("found", "suggests"),
    [
        (page("426 Upgrade Required", "Upgrade: WebSocket"), True),
        (page("426 Upgrade Required", "Sec-WebSocket-Version: 13"), True),
        (page("400 Bad Request", "", 'Can "Upgrade" only to "WebSocket".'), True),
        (page("200 OK", "", "websocket"), False),
        (BLOG, False),
    ],
)
def test_pages_that_suggest_it(found, suggests):
    assert websocket.suggested(found) is suggests


def test_http_asks_for_it_where_the_page_suggests_it():
    named = hears(http, "tcp", WANTS, True, GOOD)
    assert (named.proof, ("websocket", "yes") in named.facts) == ("nonce", True)
    named = hears(http, "tcp", WANTS, True, WANTS)
    assert (named.proof, ("websocket", "yes") in named.facts) == ("structure", False)
    assert hears(http, "tcp", WANTS).name == "http"


@given(damaged(GOOD, WANTS))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(websocket.talk(peer()), replies))

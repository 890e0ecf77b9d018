"""HTTP/2 is proved by the server's settings; what its page says is told as over HTTP/1."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import http2
from hb_engine.wire import hpack
from hb_engine.wire.http2 import DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, RST_STREAM, SETTINGS, frame

START = frame(SETTINGS, 0, 0)


def page(stream: int, fields: list[tuple[str, str]], body: bytes = b"") -> bytes:
    head = frame(HEADERS, END_HEADERS, stream, hpack.encode(fields))
    return head + frame(DATA, END_STREAM, stream, body)


NGINX = START + page(1, [(":status", "404"), ("server", "nginx/1.22.1")], b"<title>gone</title>")
LOGIN = START + page(1, [(":status", "302"), ("location", "/login")], b'<a href="/login">Found</a>.')
HEALTH = page(3, [(":status", "200")], b'{"commit":"a","database":"ok","version":"10.2.3"}')
RESET = START + frame(RST_STREAM, 0, 1, b"\x00\x00\x00\x02")
GRPC = START + frame(
    HEADERS, END_HEADERS | END_STREAM, 1,
    hpack.encode([(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12")]),
)  # fmt: skip


def test_a_page_is_named():
    named = hears(http2, "tcp", NGINX)
    assert (named.name, named.product, named.version) == ("http", "nginx", "1.22.1")
    assert ("protocol", "HTTP/2") in named.facts


def test_a_product_is_asked_on_the_same_connection():
    named = hears(http2, "tcp", LOGIN, HEALTH)
    assert (named.product, named.version) == ("Grafana", "10.2.3")


def test_what_answers_no_page_is_asked_as_grpc():
    named = hears(http2, "tcp", RESET, True, GRPC)
    assert (named.name, named.evidence) == ("grpc", "application/grpc, grpc-status 12")


def test_what_is_neither_is_http_2_all_the_same():
    named = hears(http2, "tcp", RESET, True, RESET)
    assert (named.name, named.info) == ("http", "HTTP/2")
    assert hears(http2, "tcp", RESET).name == "http"  # it takes no second connection


def test_a_goodbye_is_told():
    named = hears(http2, "tcp", START + frame(GOAWAY, 0, 0, bytes(7) + b"\x0bcalm down"))
    assert ("goaway", "11 calm down") in named.facts


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n", b"\x00\x00\x06"])
def test_other_protocols_are_not_http_2(reply):
    assert hears(http2, "tcp", Reply.of(reply, "closed")) is None
    assert not http2.hint(reply)


def test_settings_are_a_hint():
    assert http2.hint(START)


@given(damaged(NGINX, LOGIN, HEALTH, RESET, GRPC))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(http2.talk(peer()), [part for reply in replies for part in (reply, True)]))

"""Memcached: by text, by UDP, and by the binary protocol where text is not spoken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reconnect, Reply
from hb_engine.identify.probes import memcached
from hb_engine.identify.transcript import NONCE

TEXT = captured("memcached-text")[0]
UDP = captured("memcached-udp")[0]
BINARY = captured("memcached-binary")[2]


def test_text():
    named = hears(memcached, "tcp", TEXT)
    assert (named.product, named.version, named.proof) == ("Memcached", "1.6.18", "banner")
    assert named.cpe == ("cpe:/a:memcached:memcached:1.6.18",)


def test_udp_with_a_number_of_ours():
    assert sent(memcached.talk(peer("udp"))) == NONCE[:2] + b"\0\0\0\1\0\0version\r\n"
    assert hears(memcached, "udp", UDP).proof == "nonce"
    for at in (0, 1, 3, 5, 8):
        assert hears(memcached, "udp", changed(UDP, at)) is None


def test_binary_where_text_brings_nothing_at_a_port_of_memcached():
    named = hears(memcached, "tcp", b"", True, BINARY, port=11211)
    assert (named.version, named.info, named.proof) == ("1.6.18", "binary protocol", "nonce")
    for at in (0, 1, 11, 12):
        assert hears(memcached, "tcp", b"", True, changed(BINARY, at), port=11211) is None


def test_elsewhere_silence_costs_no_second_connection():
    with pytest.raises(StopIteration):
        talk: Any = memcached.talk(peer(port=4000))
        next(talk)
        talk.send(Reply.of(b"", "silent"))
    talk = memcached.talk(peer(port=11211))
    next(talk)
    assert talk.send(Reply.of(b"", "closed")) == Reconnect()


def test_a_binary_server_that_wants_a_login():
    refused = BINARY[:6] + b"\0\x20" + BINARY[8:]
    named = hears(memcached, "tcp", b"", True, refused, port=11211)
    assert (named.version, named.guarded) == ("", True)


def test_mcrouter_says_so():
    named = hears(memcached, "tcp", b"VERSION mcrouter 37.0.0\r\n")
    assert (named.product, named.version) == ("mcrouter", "37.0.0")
    assert hears(memcached, "tcp", b"VERSION something\r\n").product == ""


@pytest.mark.parametrize(
    "reply", [b"ERROR\r\n", b"VERSION 1.6.18", b"version\r\n", b"VERSION 1\r\nVERSION 1\r\n", b"+PONG\r\n"]
)
def test_what_is_no_version(reply):
    assert hears(memcached, "tcp", reply) is None


def test_what_an_http_request_gets():
    assert memcached.hint(b"ERROR\r\nERROR\r\n")
    assert not memcached.hint(b"ERROR: unknown command\r\n")


@given(damaged(TEXT, BINARY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(memcached, "tcp", *replies, port=11211))
    assert is_bounded(hears(memcached, "udp", *replies))

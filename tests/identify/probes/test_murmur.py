"""Mumble's server: a ping on UDP, a version inside TLS."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, begin, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import murmur

PING, GREETING = captured("murmur-ping")[0], captured("murmur-tls")[0]


def test_a_ping_on_udp_and_silence_on_tcp():
    assert sent(murmur.talk(peer("udp"))) == bytes(4) + NONCE[:8]
    assert sent(murmur.talk(peer("tcp"))) == b""


def test_versions():
    assert hears(murmur, "udp", PING).version == "1.3.4"
    named = hears(murmur, "tcp", GREETING, tls=True)
    assert (named.version, named.proof) == ("1.3.4-4", "structure")
    assert named.system


@pytest.mark.parametrize("at", [0, 4, 11])
def test_one_byte_away(at):
    assert hears(murmur, "udp", changed(PING, at)) is None


@pytest.mark.parametrize("reply", [PING[:-1], PING + b"\0", bytes(4) + NONCE[:8], b""])
def test_other_lengths(reply):
    assert hears(murmur, "udp", reply) is None


@pytest.mark.parametrize(
    "greeting", [GREETING[:-1], changed(GREETING, 1), b"\0\0\0\0\0\0", b"\0\0\0\0\0\2\x08\1", b"SSH-2.0-x\r\n", b""]
)
def test_foreign_greetings(greeting):
    assert hears(murmur, "tcp", greeting, tls=True) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [(b"", False), (b"\0", False), (GREETING[:9], False), (GREETING, True), (b"S", True), (b"\0\1", True)],
)
def test_a_foreign_greeting_is_not_waited_for(data, whole):
    assert next(begin(murmur, "tcp")).until(data) == whole


@pytest.mark.parametrize("message", [b"\x08\x80\x80\4\x12\3abc", b"\x12\3abc\xff\xff"])
def test_fields(message):
    assert murmur._fields(message) == {2: b"abc"}


@given(damaged(PING))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(murmur, "udp", *replies))


@given(damaged(GREETING))
def test_no_replies_break_it_on_tcp(replies):
    assert is_bounded(hears(murmur, "tcp", *replies))

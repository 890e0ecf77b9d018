"""Chromecast: a heartbeat comes back. Built from Chromium's sources, no player was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import castv2

OURS = b"sender-" + NONCE[:4].hex().encode()


def message(to=OURS, namespace=castv2.HEARTBEAT, said=castv2.PONG):
    body = b"\x08\0" + castv2._field(2, b"receiver-0") + castv2._field(3, to) + castv2._field(4, namespace)
    body += b"\x28\0" + castv2._field(6, said)
    return len(body).to_bytes(4, "big") + body


def test_one_ping_with_its_length_in_front():
    query = sent(castv2.talk(peer(tls=True)))
    assert int.from_bytes(query[:4], "big") == len(query) - 4
    assert query.endswith(castv2.PING)
    assert OURS in query


@pytest.mark.parametrize(
    ("reply", "proof"),
    [
        (message(), "nonce"),
        (message(to=b"*"), "nonce"),
        (message(to=b"sender-0"), "structure"),
        (message(said=b'{"type": "PONG"}'), "nonce"),
    ],
)
def test_pong(reply, proof):
    named = hears(castv2, "tcp", reply, tls=True)
    assert (named.name, named.device, named.proof) == ("castv2", "media player", proof)


@pytest.mark.parametrize(
    "reply",
    [
        message(namespace=b"urn:x-cast:com.google.cast.receiver"),
        message(said=castv2.PING),
        changed(message(), 4),
        message()[:-1],
        message()[4:],
        b"\0\0\0\0",
        b"",
    ],
)
def test_what_is_not_its_answer(reply):
    assert hears(castv2, "tcp", reply, tls=True) is None


def test_an_echo_is_no_player():
    assert hears(castv2, "tcp", sent(castv2.talk(peer(tls=True))), tls=True) is None


@given(damaged(message()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(castv2, "tcp", *replies))

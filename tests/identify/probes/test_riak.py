"""Riak KV: node and version, built from its protocol buffers."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import riak
from hb_engine.wire.protobuf import number, octets


def message(code, body):
    return (1 + len(body)).to_bytes(4, "big") + bytes([code]) + body


ANSWER = message(8, octets(1, b"riak@192.0.2.1") + octets(2, b"2.2.3"))
REFUSED = message(0, octets(1, b"Security is enabled, please STARTTLS first") + number(2, 0))


def test_node_and_version():
    named = hears(riak, "tcp", ANSWER)
    assert (named.name, named.version, named.hostname) == ("riak-pbc", "2.2.3", "192.0.2.1")
    assert sent(riak.talk(peer())).hex() == "0000000107"


def test_who_wants_a_login():
    assert hears(riak, "tcp", REFUSED).guarded
    assert hears(riak, "tcp", message(0, octets(1, b"Unknown message code"))) is None


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        ANSWER[:-1],
        ANSWER + b"x",
        changed(ANSWER, 4),
        message(8, octets(2, b"2.2.3")),
        message(8, octets(1, b"a@b")),
    ],
)
def test_what_is_no_answer(reply):
    assert hears(riak, "tcp", reply) is None


@given(damaged(ANSWER, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(riak, "tcp", *replies))

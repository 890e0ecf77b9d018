"""OPC UA: our hello is acknowledged, or refused in its own form."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import opcua

ASYNCUA = captured("opcua-asyncua")[0]
REASON = b"no such endpoint"
REFUSED = (
    b"ERRF" + (16 + len(REASON)).to_bytes(4, "little") + b"\0\0\x83\x80" + len(REASON).to_bytes(4, "little") + REASON
)


@pytest.mark.parametrize(
    ("host", "url"), [("192.0.2.1", b"opc.tcp://192.0.2.1:4840"), ("2001:db8::1", b"opc.tcp://[2001:db8::1]:4840")]
)
def test_the_hello_says_its_length_and_the_endpoint(host, url):
    query = sent(opcua.talk(peer(port=4840, host=host)))
    assert query.startswith(b"HELF")
    assert int.from_bytes(query[4:8], "little") == len(query)
    assert query.endswith(len(url).to_bytes(4, "little") + url)
    assert opcua.PROBE.care == "asked"


def test_acknowledged_and_refused():
    assert hears(opcua, "tcp", ASYNCUA).info == "protocol version 0"
    named = hears(opcua, "tcp", REFUSED)
    assert (named.guarded, named.evidence) == (True, "ERR no such endpoint")


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
def test_one_byte_away(at):
    assert hears(opcua, "tcp", changed(ASYNCUA, at)) is None


@pytest.mark.parametrize(
    "reply", [ASYNCUA[:-1], REFUSED[:11] + b"\0" + REFUSED[12:], b"ACKF\x08\0\0\0", b"HTTP/1.1 400 Bad Request\r\n"]
)
def test_what_is_not_our_answer(reply):
    assert hears(opcua, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(opcua, "tcp", sent(opcua.talk(peer()))) is None


@given(damaged(ASYNCUA, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(opcua, "tcp", *replies))

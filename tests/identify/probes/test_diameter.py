"""Diameter: capabilities with our identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import diameter

FREEDIAMETER = captured("diameter-freediameter")[0]


def message(*avps, flags=0, command=b"\0\1\1", identifiers=NONCE[:8]):
    body = b"".join(avps)
    return b"\1" + (20 + len(body)).to_bytes(3, "big") + bytes([flags]) + command + bytes(4) + identifiers + body


ANSWER = message(
    diameter._avp(268, b"\0\0\7\xd1"),
    diameter._avp(264, b"hss.example.org"),
    diameter._avp(269, b"HSS", 0),
    diameter._avp(267, b"\0\0\0\5", 0),
)


def test_the_request_says_its_length_and_names_nobody_real():
    query = sent(diameter.talk(peer()))
    assert int.from_bytes(query[1:4], "big") == len(query)
    assert b"hb-engine.hb.invalid" in query
    assert not diameter.PROBE.anywhere


def test_a_stranger_is_refused():
    named = hears(diameter, "tcp", FREEDIAMETER)
    assert (named.info, named.guarded, named.hostname) == ("result 3010", True, "server.hb.invalid")


def test_what_a_node_tells():
    named = hears(diameter, "tcp", ANSWER)
    assert (named.product, named.hostname, named.info, named.guarded) == (
        "HSS",
        "hss.example.org",
        "firmware 5, result 2001",
        False,
    )


@pytest.mark.parametrize(
    "reply",
    [
        message(flags=0x80),  # a request: an echo of ours
        message(command=b"\0\1\2"),
        message(identifiers=NONCE[1:9]),
        changed(ANSWER, 0),
        changed(ANSWER, 3),
        ANSWER[:-1],
        ANSWER + b"\0",
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(diameter, "tcp", reply) is None


@pytest.mark.parametrize("avp", [bytes(8), b"\0\0\1\x08\x40\xff\xff\xff", b"\0\0\1\x08\x40\0\0\7"])
def test_attributes_of_impossible_lengths_end_it(avp):
    assert hears(diameter, "tcp", message(avp)).hostname == ""


@given(damaged(FREEDIAMETER, ANSWER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(diameter, "tcp", *replies))

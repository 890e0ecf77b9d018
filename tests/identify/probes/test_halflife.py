"""Valve's games: A2S_INFO, with or without a number first. Built from Valve's wiki, no server was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import halflife

INFO = b"\xff\xff\xff\xffI\x11A\0de_dust2\0cstrike\0Counter-Strike: Source\0\xf0\0\3\x10\0dl\0\x016630498\0\x80\x87i"
CHALLENGE = b"\xff\xff\xff\xffA\1\2\3\4"


def test_the_query():
    assert sent(halflife.talk(peer("udp"))) == b"\xff\xff\xff\xffTSource Engine Query\0"


@pytest.mark.parametrize("replies", [[INFO], [CHALLENGE, INFO]])
def test_what_a_server_tells(replies):
    named = hears(halflife, "udp", *replies)
    assert (named.product, named.version, named.info, named.system) == (
        "Counter-Strike: Source",
        "6630498",
        "3 of 16 players",
        "Linux",
    )
    assert ("map", "de_dust2") in named.facts


def test_the_number_is_sent_back_once():
    talk = begin(halflife, "udp")
    query = next(talk).send
    assert talk.send(Reply.of(CHALLENGE)).send == query + b"\1\2\3\4"
    assert hears(halflife, "udp", CHALLENGE, CHALLENGE) is None


@pytest.mark.parametrize(
    "reply",
    [
        INFO.replace(b"dl\0\x01", b"dx\0\x01"),
        INFO[:-12],
        INFO[:30],
        b"\xff\xff\xff\xffD\0",
        b"\xff\xff\xff\xfeI" + INFO[5:],
        b"\xff\xff\xff\xffstatusResponse\n\\a\\b\n",
        CHALLENGE + b"\0",
        b"",
    ],
)
def test_what_is_not_its_answer(reply):
    assert hears(halflife, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(halflife, "udp", sent(halflife.talk(peer("udp")))) is None


@given(damaged(INFO, CHALLENGE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(halflife, "udp", *replies))

"""Quake III and its children: getinfo with a challenge."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import quake3

OPENARENA = captured("quake3-openarena")[0]
CHALLENGE = NONCE[:6].hex().encode()


def test_one_small_question():
    assert sent(quake3.talk(peer("udp"))) == b"\xff\xff\xff\xffgetinfo " + CHALLENGE + b"\n"


def test_a_real_server():
    named = hears(quake3, "udp", OPENARENA)
    assert (named.proof, named.info) == ("nonce", "protocol 71")
    assert ("map", "oa_dm1") in named.facts


@pytest.mark.parametrize(
    "reply",
    [
        OPENARENA.replace(CHALLENGE, CHALLENGE[:-1] + b"0"),
        OPENARENA.replace(b"challenge", b"challengf"),
        OPENARENA.replace(b"infoResponse", b"statusResponse"),
        OPENARENA[1:],
        b"\xff\xff\xff\xffinfoResponse\nchallenge\\" + CHALLENGE,
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(quake3, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(quake3, "udp", sent(quake3.talk(peer("udp")))) is None


@given(damaged(OPENARENA))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(quake3, "udp", *replies))

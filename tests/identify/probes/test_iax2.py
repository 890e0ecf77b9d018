"""IAX2: PONG for our call number. Built from RFC 5456, no server of it was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, begin, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import iax2

CALL = int.from_bytes(NONCE[:2], "big") & 0x7FFF
PONG = b"\x80\x07" + CALL.to_bytes(2, "big") + b"\0\0\0\5" + b"\0\1" + b"\6\3"


def test_poke_with_our_call_number():
    assert sent(iax2.talk(peer("udp"))) == (CALL | 0x8000).to_bytes(2, "big") + bytes(8) + b"\6\x1e"


def test_pong_is_acknowledged():
    talk = begin(iax2, "udp")
    next(talk)
    acknowledgement = talk.send(Reply.of(PONG))
    assert acknowledgement.send == (CALL | 0x8000).to_bytes(2, "big") + b"\0\7" + b"\0\0\0\5\1\1\6\4"
    assert acknowledgement.wait < 0.1
    assert hears(iax2, "udp", PONG).proof == "nonce"


def test_a_retransmission_bit_does_not_hide_it():
    assert hears(iax2, "udp", PONG[:2] + bytes([PONG[2] | 0x80]) + PONG[3:]).name == "iax2"


@pytest.mark.parametrize(
    "reply",
    [
        changed(PONG, 3),
        changed(PONG, 10),
        changed(PONG, 11),
        b"\0" + PONG[1:],  # a mini frame
        PONG[:11],
        PONG[:10] + b"\6\x0a",  # INVAL
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(iax2, "udp", reply) is None


def test_an_echo_is_no_answer():
    assert hears(iax2, "udp", sent(iax2.talk(peer("udp")))) is None


@given(damaged(PONG))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(iax2, "udp", *replies))

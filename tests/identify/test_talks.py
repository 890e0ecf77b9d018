"""The talks that are nobody's protocol claim nothing, whatever they are told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify import talks
from hb_engine.identify.carrier import whole
from hb_engine.identify.kit import Ask, Peer, converse

PEER = Peer("tcp", "hb.invalid", 1, b"0123456789abcdef")


def test_listening_sends_nothing_and_is_never_content():
    ask = next(talks.listen())
    assert isinstance(ask, Ask)
    assert ask.send == b""
    assert not whole(ask, b"anything at all\r\n")


def test_a_parrot_is_given_words_of_its_own():
    ask = next(talks.parrot(PEER))
    assert isinstance(ask, Ask)
    assert ask.send == talks.parrot_line(PEER) == b"30313233343536373839616263646566\r\n"
    assert whole(ask, b"noise " + ask.send)


def test_nothing_is_said_after_a_handshake():
    assert converse(talks.nothing(), []) is None


@given(st.binary(max_size=64))
def test_none_of_them_claims_anything(reply):
    assert converse(talks.listen(), [reply]) is None
    assert converse(talks.parrot(PEER), [reply]) is None

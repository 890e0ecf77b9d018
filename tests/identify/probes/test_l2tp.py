"""L2TP: an answer for our tunnel, which is taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, begin, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import l2tp

XL2TPD = captured("l2tp-xl2tpd")[0]
OURS = NONCE[:2]


def avp(kind, value, flags=0x80):
    return bytes([flags, 6 + len(value)]) + b"\0\0" + kind.to_bytes(2, "big") + value


def message(*avps, tunnel=OURS, session=b"\0\0"):
    body = b"".join(avps)
    return b"\xc8\2" + (12 + len(body)).to_bytes(2, "big") + tunnel + session + b"\0\0\0\1" + body


ACCEPTED = message(
    avp(0, b"\0\2"), avp(2, b"\1\0"), avp(7, b"lns"), avp(8, b"Vendor"), avp(6, b"\1\2"), avp(9, b"\x0a\x0b")
)
STOPPED = message(avp(0, b"\0\4"), avp(1, b"\0\2"), avp(9, b"\0\7"))


def test_the_question_says_its_length():
    query = sent(l2tp.talk(peer("udp")))
    assert query[:2] == b"\xc8\2"
    assert int.from_bytes(query[2:4], "big") == len(query)
    assert query[4:12] == bytes(8)


def test_what_was_accepted_is_taken_back():
    talk = begin(l2tp, "udp")
    next(talk)
    goodbye = talk.send(Reply.of(ACCEPTED)).send
    assert goodbye[4:8] == b"\x0a\x0b\0\0"
    assert avp(0, b"\0\4") in goodbye
    assert avp(9, OURS) in goodbye


def test_what_is_told():
    named = hears(l2tp, "udp", ACCEPTED)
    assert (named.product, named.hostname, named.info) == ("Vendor", "lns", "firmware 0x0102")


def test_a_refusal_proves_it_and_needs_no_goodbye():
    named = hears(l2tp, "udp", STOPPED)
    assert (named.proof, named.guarded) == ("nonce", True)


@pytest.mark.parametrize(
    "reply",
    [
        message(avp(0, b"\0\2"), tunnel=b"xx"),
        message(avp(0, b"\0\2"), session=b"\0\1"),
        message(avp(0, b"\0\6")),  # hello
        message(),
        message(avp(0, b"\0\2", flags=0xC0)),  # hidden
        changed(ACCEPTED, 0),
        changed(ACCEPTED, 3),
        ACCEPTED + b"\0",
        message(b"\x80\0" + bytes(6)),  # an attribute of no length
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(l2tp, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(l2tp, "udp", sent(l2tp.talk(peer("udp")))) is None


@given(damaged(XL2TPD, ACCEPTED, STOPPED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(l2tp, "udp", *replies))

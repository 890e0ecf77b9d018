"""CoAP: our message id and our token."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import coap

LIBCOAP, AIOCOAP = captured("coap-libcoap")[0], captured("coap-aiocoap")[0]
ID, TOKEN = NONCE[:2], NONCE[2:6]


def answer(code=0x45, kind=2, identifier=ID, token=TOKEN, rest=b"\xc1\x28\xff</a>,</b>;rt=x"):
    return bytes([0x40 | kind << 4 | len(token), code]) + identifier + token + rest


def test_one_get():
    assert sent(coap.talk(peer("udp"))) == b"\x44\1" + ID + TOKEN + b"\xbb.well-known\4core"


@pytest.mark.parametrize(
    ("reply", "info", "guarded"),
    [
        (answer(), "2 resources in the first block", False),
        (answer(kind=0, identifier=b"zz"), "2 resources in the first block", False),  # a separate answer
        (answer(code=0x84, rest=b""), "4.04", False),
        (answer(code=0x81, rest=b""), "4.01", True),
        (answer(code=0xA0, rest=b"\xffoops"), "5.00", False),
        (b"\x60\0" + ID, "", False),  # an empty acknowledgement
        (b"\x70\0" + ID, "", False),  # a reset
    ],
)
def test_answers(reply, info, guarded):
    named = hears(coap, "udp", reply)
    assert (named.info, named.guarded, named.proof) == (info, guarded, "nonce")


def test_real_ones():
    assert hears(coap, "udp", LIBCOAP).info == "4 resources in the first block"
    named = hears(coap, "udp", AIOCOAP)
    assert (named.product, named.version) == ("aiocoap", "0.4.17")


@pytest.mark.parametrize(
    "reply",
    [
        answer(identifier=b"zz"),
        answer(token=b"zzzz"),
        answer(token=TOKEN[:3]),
        answer(code=0x01),  # a request: an echo of ours
        answer(code=0x65),
        answer(kind=3),
        changed(answer(), 0, 0x40),  # version 2
        b"\x60\0" + ID + b"x",
        b"\x40\0" + ID,  # a ping
        b"\x60\0",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(coap, "udp", reply) is None


@pytest.mark.parametrize(
    ("rest", "payload"),
    [
        (b"", b""),
        (b"\xffx", b"x"),
        (b"\xd1\1\2\xffx", b"x"),
        (b"\x1d\0" + bytes(13) + b"\xffx", b"x"),
        (b"\x1e\0\0" + bytes(269) + b"\xffx", b"x"),
        (b"\x1e", b""),
    ],
)
def test_options_are_passed_over(rest, payload):
    assert coap._payload(rest) == payload


@given(damaged(LIBCOAP, AIOCOAP, answer()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(coap, "udp", *replies))

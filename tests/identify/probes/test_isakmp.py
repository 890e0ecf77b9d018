"""IKE: a response with our SPI, in both versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, begin, captured, changed, damaged, hears, is_bounded

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import isakmp

AGREED, REFUSED = captured("isakmp-strongswan-agrees")[0], captured("isakmp-strongswan")[0]
SPI, THEIRS = NONCE[:8], b"responde"


def payload(following, body):
    return bytes([following, 0]) + (4 + len(body)).to_bytes(2, "big") + body


def response(first, body, version=0x20, exchange=34, flags=0x20):
    head = SPI + THEIRS + bytes([first, version, exchange, flags]) + bytes(4)
    return head + (28 + len(body)).to_bytes(4, "big") + body


NOTIFY1 = response(11, payload(0, b"\0\0\0\1\1\0\0\x0e"), version=0x10, exchange=5, flags=0)
MAIN1 = response(1, payload(13, b"\0\0\0\1\0\0\0\1") + payload(0, b"vendor-of-1"), version=0x10, exchange=2, flags=0)


def test_both_questions_say_their_length():
    talk = begin(isakmp, "udp", 500)
    first = next(talk).send
    second = talk.send(Reply.of(b"", "silent")).send
    for question, version, exchange in ((first, 0x20, 34), (second, 0x10, 2)):
        assert question[:16] == SPI + bytes(8)
        assert (question[17], question[18]) == (version, exchange)
        assert int.from_bytes(question[24:28], "big") == len(question)
        payloads = isakmp._payloads(question)
        assert sum(4 + len(body) for _, body in payloads) == len(question) - 28


def test_on_port_4500_four_zeros_stand_in_front():
    assert next(begin(isakmp, "udp", 4500)).send[:12] == bytes(4) + SPI
    assert hears(isakmp, "udp", bytes(4) + AGREED, port=4500).name == "isakmp"
    assert hears(isakmp, "udp", AGREED, port=4500) is None


@pytest.mark.parametrize(
    ("reply", "info"),
    [
        (AGREED, "IKEv2, agrees to our proposal"),
        (REFUSED, "IKEv2, NO_PROPOSAL_CHOSEN"),
        (response(41, payload(0, b"\0\0\0\x11\0\x13")), "IKEv2, INVALID_KE_PAYLOAD"),
        (response(41, payload(0, b"\0\0\x40\6" + bytes(8))), "IKEv2, COOKIE"),
        (response(0, b""), "IKEv2"),
        (NOTIFY1, "IKEv1, NO_PROPOSAL_CHOSEN"),
        (MAIN1, "IKEv1, agrees to our proposal"),
    ],
)
def test_what_is_said(reply, info):
    named = hears(isakmp, "udp", reply, port=500)
    assert (named.info, named.proof) == (info, "nonce")


def test_the_second_question_is_for_those_that_know_the_first_version_only():
    assert hears(isakmp, "udp", b"", MAIN1, port=500).facts == (("vendor id", "vendor-of-1"),)


@pytest.mark.parametrize(
    ("capture", "product", "cpe"),
    [
        ("isakmp-libreswan-vendor", "Libreswan", ("cpe:/a:libreswan:libreswan:4.10",)),
        ("isakmp-strongswan-vendor", "strongSwan", ()),
        ("isakmp-libreswan-mainmode", "", ()),
    ],
)
def test_programs_that_say_who_they_are_and_one_that_does_not(capture, product, cpe):
    named = hears(isakmp, "udp", *captured(capture), port=500)
    assert (named.product, named.cpe) == (product, cpe)
    assert named.info.endswith("agrees to our proposal")


@pytest.mark.parametrize(
    ("vendor", "product", "version"),
    [
        (bytes.fromhex("882fe56d6fd20dbc2251613b2ebe5beb"), "strongSwan", ""),
        (bytes.fromhex("1e2b516905991c7d7c96fcbfb587e46100000009"), "Microsoft Windows", ""),
        (b"OE-Libreswan-4.10", "Libreswan", "4.10"),
        (b"\xff" * 16, "", ""),
    ],
)
def test_vendors(vendor, product, version):
    named = hears(isakmp, "udp", response(43, payload(0, vendor)), port=500)
    assert (named.product, named.version) == (product, version)


@pytest.mark.parametrize(
    "reply",
    [
        changed(AGREED, 0),
        changed(AGREED, 7),
        changed(AGREED, 27),
        AGREED[:-1],
        AGREED + b"\0",
        response(33, b"", flags=0x08),  # our own question comes back
        response(33, b"", exchange=35),
        response(33, b"", version=0x30),
        response(5, b"", version=0x10, exchange=2, flags=0),
        bytes(28),
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(isakmp, "udp", reply, port=500) is None


def test_echoes_are_no_answers():
    talk = begin(isakmp, "udp", 500)
    first = next(talk).send
    second = talk.send(Reply.of(first)).send
    assert hears(isakmp, "udp", first, second, port=500) is None


def test_a_chain_of_payloads_that_never_ends_is_left():
    assert len(isakmp._payloads(response(43, payload(43, b"x") * 100))) == 32
    assert isakmp._payloads(response(43, b"\x2b\0\0\0")) == []


@given(damaged(AGREED, REFUSED, NOTIFY1, MAIN1))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(isakmp, "udp", *replies))

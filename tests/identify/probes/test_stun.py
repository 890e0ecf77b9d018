"""STUN and TURN: the transaction id comes back inside a message of the right kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import stun

BOUND, REFUSED = captured("stun-coturn")
SILENT = captured("stun-coturn-stunonly")


def message(kind, transaction, attributes=b""):
    return kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big") + stun.COOKIE + transaction + attributes


def attribute(kind, value):
    return kind.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value + bytes(-len(value) & 3)


def test_the_first_question_is_bare():
    assert sent(stun.talk(peer("udp"))) == b"\0\1\0\0" + stun.COOKIE + NONCE[:12]


def test_coturn_with_and_without_turn():
    both = hears(stun, "udp", BOUND, REFUSED)
    assert (both.product, both.version, both.info) == ("Coturn", "4.6.1", "TURN too")
    assert ("realm", "hb.invalid") in both.facts
    assert hears(stun, "udp", *SILENT).info == ""


@pytest.mark.parametrize(
    ("software", "product", "version"),
    [
        (b"Coturn-4.5.2 'dan Eider'", "Coturn", "4.5.2"),
        (b"restund v0.4.12 (x86)", "restund v0.4.12 (x86)", ""),
        (b"", "", ""),
    ],
)
def test_software(software, product, version):
    named = hears(stun, "udp", message(0x0101, NONCE[:12], attribute(stun.SOFTWARE, software)))
    assert (named.product, named.version) == (product, version)


def test_an_error_proves_it_as_well():
    assert hears(stun, "udp", message(0x0111, NONCE[:12], attribute(9, b"\0\0\4\0"))).proof == "nonce"


@pytest.mark.parametrize(("code", "info"), [(b"\0\0\4\1", "TURN too"), (b"\0\0\4\x25", "TURN too"), (b"\0\0\4\0", "")])
def test_which_refusals_are_those_of_turn(code, info):
    second = message(0x0114, NONCE[4:16], attribute(9, code))
    assert hears(stun, "udp", message(0x0101, NONCE[:12]), second).info == info


@pytest.mark.parametrize(
    "reply",
    [
        changed(BOUND, 8),
        changed(BOUND, 19),
        changed(BOUND, 4),  # the cookie
        BOUND + b"\0",
        BOUND[:-1],
        message(0x0001, NONCE[:12]),  # an echo
        message(0x0102, NONCE[:12]),
        message(0x0011, NONCE[:12]),  # an indication
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(stun, "udp", reply) is None


@given(damaged(BOUND, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(stun, "udp", *replies))

"""OpenVPN: a hard reset that acknowledges ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import openvpn

UDP, TCP = captured("openvpn-udp")[0], captured("openvpn-tcp")[0]


def test_the_reset_has_our_session_and_nothing_to_acknowledge():
    reset = b"\x38" + NONCE[:8] + bytes(5)
    assert sent(openvpn.talk(peer("udp"))) == reset
    assert sent(openvpn.talk(peer("tcp"))) == b"\0\x0e" + reset


def test_both_transports():
    assert hears(openvpn, "udp", UDP).proof == hears(openvpn, "tcp", TCP).proof == "nonce"


@pytest.mark.parametrize(
    "reply",
    [
        changed(UDP, 0),
        UDP[:9] + b"\0" + UDP[10:],  # acknowledges nothing
        UDP.replace(NONCE[:8], NONCE[1:9]),
        UDP[:-5],
        UDP[:13],
        b"\x40" + bytes(25),
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(openvpn, "udp", reply) is None


def test_on_tcp_the_length_must_fit():
    assert hears(openvpn, "tcp", TCP[:-1]) is None
    assert hears(openvpn, "tcp", UDP) is None
    assert hears(openvpn, "tcp", b"HTTP/1.1 400 Bad Request\r\n\r\n") is None


def test_an_echo_is_no_server():
    assert hears(openvpn, "udp", sent(openvpn.talk(peer("udp")))) is None


@given(damaged(UDP))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(openvpn, "udp", *replies))


@given(damaged(TCP))
def test_no_replies_break_it_on_tcp(replies):
    assert is_bounded(hears(openvpn, "tcp", *replies))

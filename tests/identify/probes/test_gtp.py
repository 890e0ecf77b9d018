"""GTP: an echo with our sequence number, in both versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import gtp

CONTROL = captured("gtp-osmo-control")[0]
NUMBER, LONGER = NONCE[:2], NONCE[2:5]
V2 = b"\x40\2\0\x09" + LONGER + b"\0\3\0\1\0\5"
UNSUPPORTED = b"\x40\3\0\4" + bytes(4)


def test_an_echo_request():
    assert sent(gtp.talk(peer("udp", 2123))) == b"\x32\1\0\4" + bytes(4) + NUMBER + b"\0\0"


@pytest.mark.parametrize(("port", "name"), [(2123, "gtp-control"), (2152, "gtp-user")])
def test_version_1_on_both_ports(port, name):
    named = hears(gtp, "udp", CONTROL, port=port)
    assert (named.name, named.info, named.proof) == (name, "GTPv1", "nonce")


def test_version_2_is_asked_in_its_own_words():
    named = hears(gtp, "udp", b"", V2, port=2123)
    assert (named.info, named.proof) == ("GTPv2", "nonce")
    assert hears(gtp, "udp", b"", V2, port=2152) is None


def test_a_node_that_does_not_speak_version_1_says_so():
    assert hears(gtp, "udp", UNSUPPORTED, port=2123).info == "GTPv2"


@pytest.mark.parametrize("at", [0, 1, 3, 8, 9])
def test_one_byte_away(at):
    assert hears(gtp, "udp", changed(CONTROL, at, 0x20 if at == 0 else 1), port=2123) is None


@pytest.mark.parametrize("reply", [changed(V2, 4), changed(V2, 1), V2[:-1], b"\x40\2"])
def test_version_2_one_byte_away(reply):
    assert hears(gtp, "udp", b"", reply, port=2123) is None


def test_an_echo_of_the_datagram_is_no_echo_response():
    query = sent(gtp.talk(peer("udp", 2152)))
    assert hears(gtp, "udp", query, port=2152) is None


@given(damaged(CONTROL, V2, UNSUPPORTED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(gtp, "udp", *replies))

"""QUIC is proved by our own connection ids in a list of versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import converse
from hb_engine.identify.probes import quic
from hb_engine.identify.transcript import NONCE

OURS, THEIRS = NONCE[:8], NONCE[8:]
HEAD = b"\xc5" + bytes(4) + b"\x08" + OURS + b"\x08" + THEIRS
ANSWER = HEAD + bytes.fromhex("000000016b3343cfff00001d0a0a0a0a5130343612345678")


def test_one_datagram_of_the_size_that_servers_want():
    asked = sent(quic.talk(peer("udp", 443)))
    assert len(asked) == 1200
    assert asked[0] & 0xC0 == 0xC0
    assert int.from_bytes(asked[1:5], "big") & 0x0F0F0F0F == 0x0A0A0A0A  # reserved: no server speaks it
    assert asked[5:23] == b"\x08" + THEIRS + b"\x08" + OURS


def test_the_versions_are_told():
    named = hears(quic, "udp", ANSWER)
    assert (named.name, named.proof) == ("quic", "nonce")
    assert named.info == "QUIC v1, v2, draft-29, Q046, 0x12345678"


def test_a_server_that_knows_nothing_we_know():
    assert hears(quic, "udp", HEAD + b"\x1a\x2a\x3a\x4a").info == "QUIC none that is known"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        HEAD,  # no versions
        HEAD + b"\x00\x00\x01",
        b"\x45" + ANSWER[1:],  # a short header
        ANSWER[:1] + b"\x00\x00\x00\x01" + ANSWER[5:],
        ANSWER.replace(OURS, bytes(8)),
        ANSWER.replace(THEIRS, bytes(8)),
        sent(quic.talk(peer("udp", 443))),  # an echo
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_near(reply):
    assert hears(quic, "udp", reply) is None


def test_an_endless_list_is_cut():
    assert is_bounded(hears(quic, "udp", HEAD + b"\x12\x34\x56\x78" * 10_000))


@given(damaged(ANSWER))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(quic.talk(peer("udp", 443)), replies))

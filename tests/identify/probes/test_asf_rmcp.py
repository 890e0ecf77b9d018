"""IPMI: capabilities for our sequence number."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import asf_rmcp

SIMULATED = captured("asf_rmcp-ipmisim")[0]
SEQUENCE = NONCE[0] & 0xFC


def response(types=0x97, status=0x06, extended=0x03, maker=b"\0\0\0", sequence=SEQUENCE):
    head = b"\x81\x1c"
    body = b"\x20" + bytes([sequence, 0x38, 0, 1, types, status, extended]) + maker + b"\0"
    message = head + asf_rmcp._checksum(head) + body + asf_rmcp._checksum(body)
    return b"\6\0\xff\7" + bytes(9) + bytes([len(message)]) + message


def test_one_packet_with_right_check_sums():
    query = sent(asf_rmcp.talk(peer("udp")))
    assert len(query) == 23
    assert sum(query[14:17]) & 0xFF == 0
    assert sum(query[17:]) & 0xFF == 0


@pytest.mark.parametrize(
    ("reply", "info", "guarded", "fact"),
    [
        (response(types=0x80), "IPMI 2.0", True, ("key KG", "not set")),
        (response(types=0x15, extended=0x01), "IPMI 1.5", False, ("authentication none", "offered")),
        (response(types=0x80, status=0x01), "IPMI 2.0", False, ("anonymous login", "enabled")),
        (response(types=0x80, maker=b"\xa2\2\0"), "IPMI 2.0", True, ("enterprise", "674")),
    ],
)
def test_what_is_offered(reply, info, guarded, fact):
    named = hears(asf_rmcp, "udp", reply)
    assert (named.info, named.guarded, named.proof) == (info, guarded, "nonce")
    assert fact in named.facts


def test_a_simulated_controller():
    assert hears(asf_rmcp, "udp", SIMULATED).info == "IPMI 2.0"


@pytest.mark.parametrize("at", [0, 1, 2, 3, 13, 14, 15, 16, 18, 19, 21, 25, 29])
def test_one_byte_away(at):
    assert hears(asf_rmcp, "udp", changed(response(), at)) is None


@pytest.mark.parametrize(
    "reply", [response(sequence=SEQUENCE ^ 4), response()[:-1], response() + b"\0", b"\6\0\xff\6" + bytes(24)]
)
def test_what_is_not_our_answer(reply):
    assert hears(asf_rmcp, "udp", reply) is None


def test_an_echo_is_no_controller():
    assert hears(asf_rmcp, "udp", sent(asf_rmcp.talk(peer("udp")))) is None


@given(damaged(SIMULATED, response()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(asf_rmcp, "udp", *replies))

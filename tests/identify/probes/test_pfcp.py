"""PFCP: a heartbeat with our sequence number. Built from 3GPP TS 29.244, no node was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import pfcp

HEARTBEAT = b"\x20\2\0\x0c" + NONCE[:3] + b"\0" + b"\0\x60\0\4" + b"\xe9\1\2\3"


def test_a_heartbeat_that_sets_nothing_up():
    query = sent(pfcp.talk(peer("udp")))
    assert query[:12] == b"\x20\1\0\x0c" + NONCE[:3] + b"\0" + b"\0\x60\0\4"
    assert int.from_bytes(query[12:], "big") == 1700000000 + 2208988800


def test_a_node():
    named = hears(pfcp, "udp", HEARTBEAT)
    assert (named.name, named.proof) == ("pfcp", "nonce")


@pytest.mark.parametrize("at", [0, 1, 3, 4, 5, 6, 9, 11])
def test_one_byte_away(at):
    assert hears(pfcp, "udp", changed(HEARTBEAT, at)) is None


@pytest.mark.parametrize("reply", [HEARTBEAT[:-1], HEARTBEAT + b"\0", b"\x20\x0b\0\4" + NONCE[:3] + b"\0", b""])
def test_other_messages(reply):
    assert hears(pfcp, "udp", reply) is None


def test_an_echo_is_no_node():
    assert hears(pfcp, "udp", sent(pfcp.talk(peer("udp")))) is None


@given(damaged(HEARTBEAT))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(pfcp, "udp", *replies))

"""ISO transport: a confirmation with our reference and our TSAPs."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import iso_tsap

SNAP7 = captured("iso_tsap-snap7")[0]
REFUSED = b"\3\0\0\x0b\6\x80" + NONCE[:2] + b"\0\0\x80"
RDP = b"\3\0\0\x13\x0e\xd0" + NONCE[:2] + b"\x12\x34\0\2\0\x08\0\0\0\0\0"


def test_one_request_and_nothing_behind_it():
    query = sent(iso_tsap.talk(peer()))
    assert query == b"\3\0\0\x16\x11\xe0\0\0" + NONCE[:2] + b"\0\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2"
    assert iso_tsap.PROBE.care == "asked"


def test_a_confirmation_and_a_refusal():
    assert hears(iso_tsap, "tcp", SNAP7).proof == "nonce"
    assert hears(iso_tsap, "tcp", REFUSED).info == "refuses our TSAPs"


def test_rdp_in_the_same_envelope_is_not_it():
    assert hears(iso_tsap, "tcp", RDP) is None
    assert hears(iso_tsap, "tcp", b"\3\0\0\x0b\6\xd0" + NONCE[:2] + b"\0\0\0") is None


@pytest.mark.parametrize("at", [0, 1, 3, 4, 6, 7])
def test_one_byte_away(at):
    assert hears(iso_tsap, "tcp", changed(SNAP7, at)) is None


@pytest.mark.parametrize("reply", [SNAP7[:-1], SNAP7 + b"\0", b"\3\0\0\7\2\xf0\x80", b""])
def test_other_lengths(reply):
    assert hears(iso_tsap, "tcp", reply) is None


def test_an_echo_is_no_confirmation():
    assert hears(iso_tsap, "tcp", sent(iso_tsap.talk(peer()))) is None


@given(damaged(SNAP7, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(iso_tsap, "tcp", *replies))

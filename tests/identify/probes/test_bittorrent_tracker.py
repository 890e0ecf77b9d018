"""BitTorrent trackers: a connection for our transaction id."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import bittorrent_tracker

OPENTRACKER = captured("bittorrent_tracker-opentracker")[0]


def test_it_connects_and_announces_nothing():
    assert sent(bittorrent_tracker.talk(peer("udp"))) == b"\0\0\4\x17\x27\x10\x19\x80" + bytes(4) + NONCE[:4]


def test_a_real_tracker():
    named = hears(bittorrent_tracker, "udp", OPENTRACKER)
    assert (named.name, named.proof) == ("bittorrent-udp-tracker", "nonce")


@pytest.mark.parametrize("at", range(8))
def test_one_byte_away(at):
    assert hears(bittorrent_tracker, "udp", changed(OPENTRACKER, at)) is None


@pytest.mark.parametrize("reply", [OPENTRACKER[:-1], OPENTRACKER + b"\0", b""])
def test_other_lengths(reply):
    assert hears(bittorrent_tracker, "udp", reply) is None


def test_an_echo_is_no_tracker():
    assert hears(bittorrent_tracker, "udp", sent(bittorrent_tracker.talk(peer("udp")))) is None


@given(damaged(OPENTRACKER))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(bittorrent_tracker, "udp", *replies))

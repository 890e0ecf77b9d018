"""BitTorrent's DHT: a response with our transaction id."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import bittorrent_dht

LIBTORRENT, TRANSMISSION = captured("bittorrent_dht-libtorrent")[0], captured("bittorrent_dht-transmission")[0]
TRANSACTION = b"1:t4:" + NONCE[:4]


def test_the_ping_is_read_only_and_in_order():
    query = sent(bittorrent_dht.talk(peer("udp")))
    assert query == b"d1:ad2:id20:0123456789abcdef0123e1:q4:ping2:roi1e1:t4:01231:y1:qe"


@pytest.mark.parametrize(("reply", "product"), [(LIBTORRENT, "libtorrent"), (TRANSMISSION, "")])
def test_programs(reply, product):
    named = hears(bittorrent_dht, "udp", reply)
    assert (named.product, named.proof) == (product, "nonce")


@pytest.mark.parametrize(
    "reply",
    [
        LIBTORRENT.replace(TRANSACTION, b"1:t4:0124"),
        LIBTORRENT.replace(b"1:y1:r", b"1:y1:q"),
        LIBTORRENT.replace(b"1:rd2:id20:", b"1:rd2:ie20:"),
        LIBTORRENT[:-1],
        b"d1:eli201e7:Generic e" + TRANSACTION + b"1:y1:ee",
        b"",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(bittorrent_dht, "udp", reply) is None


def test_an_echo_is_no_node():
    assert hears(bittorrent_dht, "udp", sent(bittorrent_dht.talk(peer("udp")))) is None


@given(damaged(LIBTORRENT, TRANSMISSION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(bittorrent_dht, "udp", *replies))

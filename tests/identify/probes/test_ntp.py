"""NTP: our timestamp comes back as the origin."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ntp

CHRONY = captured("ntp-chrony")[0]


def packet(first=0x24, stratum=2, reference=b"\x0a\0\0\1", origin=NONCE[:8], tail=b""):
    return bytes([first, stratum, 6, 0xEC]) + bytes(8) + reference + bytes(8) + origin + bytes(16) + tail


def test_a_client_packet_with_our_number_as_its_time():
    query = sent(ntp.talk(peer("udp")))
    assert len(query) == 48
    assert query[0] == 0xE3
    assert query[40:] == NONCE[:8]
    assert not any(query[1:40])


@pytest.mark.parametrize(
    ("reply", "info", "guarded"),
    [
        (packet(), "NTPv4, stratum 2", False),
        (packet(first=0x1C), "NTPv3, stratum 2", False),
        (packet(first=0xE4, stratum=16), "NTPv4, stratum 16, not synchronised", False),
        (packet(stratum=0, reference=b"DENY"), "NTPv4, DENY", True),
        (packet(stratum=0, reference=b"RATE"), "NTPv4, RATE", True),
        (packet(first=0xE4, stratum=0, reference=b"INIT"), "NTPv4, INIT, not synchronised", False),
        (packet(tail=bytes(20)), "NTPv4, stratum 2", False),  # with an authenticator behind it
    ],
)
def test_answers(reply, info, guarded):
    named = hears(ntp, "udp", reply)
    assert (named.info, named.guarded, named.proof) == (info, guarded, "nonce")


def test_a_clock_of_its_own_is_told():
    assert hears(ntp, "udp", packet(stratum=1, reference=b"GPS\0")).facts == (("reference clock", "GPS"),)


@pytest.mark.parametrize(
    "reply",
    [
        packet(origin=NONCE[1:9]),
        changed(packet(), 31),
        packet(first=0x23),  # a client's packet: what an echo would say
        packet(first=0x25),  # broadcast
        packet(first=0x3C),  # version 7
        packet()[:47],
        captured("ntp_control-ntpsec")[0],
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(ntp, "udp", reply) is None


def test_an_echo_is_no_server():
    assert hears(ntp, "udp", sent(ntp.talk(peer("udp")))) is None


@given(damaged(CHRONY, packet()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ntp, "udp", *replies))

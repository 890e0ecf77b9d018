"""Ubiquiti's discovery: fields that end where the message does. Built by hand, no device was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ubiquiti_discovery

MAC = bytes.fromhex("245a4c010203")


def answer(*fields):
    body = b"".join(bytes([kind]) + len(value).to_bytes(2, "big") + value for kind, value in fields)
    return b"\1\0" + len(body).to_bytes(2, "big") + body


DEVICE = answer(
    (2, MAC + b"\xc0\0\2\1"),
    (1, MAC),
    (0x0A, bytes(4)),
    (0x0B, b"roof"),
    (0x0C, b"N5N"),
    (3, b"XM.ar7240.v6.3.6.33330"),
    (0x14, b"NanoStation M5"),
)


def test_four_bytes_are_sent():
    assert sent(ubiquiti_discovery.talk(peer("udp"))) == b"\1\0\0\0"


def test_what_the_device_tells():
    named = hears(ubiquiti_discovery, "udp", DEVICE)
    assert (named.product, named.info, named.hostname) == ("Ubiquiti NanoStation M5", "XM.ar7240.v6.3.6.33330", "roof")
    assert named.facts == (("mac", "24:5a:4c:01:02:03"),)


def test_the_platform_stands_in_for_the_model():
    assert hears(ubiquiti_discovery, "udp", answer((1, MAC), (0x0C, b"N5N"))).product == "Ubiquiti N5N"


@pytest.mark.parametrize(
    "reply",
    [
        answer((1, MAC)),
        answer((3, b"fw"), (0x0C, b"N5N")),
        DEVICE[:-1],
        DEVICE + b"\0",
        changed(DEVICE, 0),
        changed(DEVICE, 5),
        b"\1\0\0\0",
        b"",
    ],
)
def test_what_is_not_its_answer(reply):
    assert hears(ubiquiti_discovery, "udp", reply) is None


@given(damaged(DEVICE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ubiquiti_discovery, "udp", *replies))

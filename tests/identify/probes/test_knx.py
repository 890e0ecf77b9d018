"""KNXnet/IP: the description of a device. Built from the specification, no device was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import knx

DEVICE = (
    b"\x36\1\2\0\x11\x05\0\0"
    + bytes.fromhex("00c501020304")
    + b"\xe0\0\x17\x0c"
    + bytes.fromhex("000e8c001122")
    + b"IP Router".ljust(30, b"\0")
)
FAMILIES = b"\x0a\2\2\1\3\1\4\1\5\1"


def answer(device=DEVICE):
    body = device + FAMILIES
    return b"\6\x10\2\4" + (6 + len(body)).to_bytes(2, "big") + body


def test_one_request_that_only_reads():
    assert sent(knx.talk(peer("udp"))) == b"\6\x10\2\3\0\x0e\x08\1" + bytes(6)
    assert knx.PROBE.care == "asked"


def test_what_the_device_is():
    named = hears(knx, "udp", answer())
    assert (named.product, named.info) == ("IP Router", "KNX address 1.1.5")
    assert named.facts == (("serial", "00c501020304"), ("mac", "00:0e:8c:00:11:22"))


@pytest.mark.parametrize("at", [0, 1, 2, 3, 5, 6, 7])
def test_one_byte_away(at):
    assert hears(knx, "udp", changed(answer(), at)) is None


@pytest.mark.parametrize("reply", [answer()[:-1], answer() + b"\0", answer(DEVICE[:20]), b"\6\x10\2\4\0\6", b""])
def test_other_lengths(reply):
    assert hears(knx, "udp", reply) is None


def test_an_echo_is_no_device():
    assert hears(knx, "udp", sent(knx.talk(peer("udp")))) is None


@given(damaged(answer()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(knx, "udp", *replies))

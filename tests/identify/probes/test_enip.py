"""EtherNet/IP: an identity with our context."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import enip

CPPPO = captured("enip-cpppo")[0]
EMPTY = b"\x63\0\2\0" + bytes(8) + b"\0\0" + NONCE[:6] + bytes(4) + b"\0\0"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_one_request_without_a_delay(transport):
    query = sent(enip.talk(peer(transport)))
    assert query == b"\x63\0" + bytes(10) + b"\0\0" + NONCE[:6] + bytes(4)
    assert enip.PROBE.care == "asked"


def test_what_the_device_says_of_itself():
    named = hears(enip, "tcp", CPPPO)
    assert (named.product, named.version) == ("1756-L61/B LOGIX5561", "20.11")
    assert named.info == "Rockwell Automation/Allen-Bradley"
    assert dict(named.facts)["device type"] == "14"


def test_a_vendor_without_a_name_is_a_number():
    assert hears(enip, "tcp", CPPPO[:48] + b"\xff\x7f" + CPPPO[50:]).info == "vendor 32767"


def test_an_answer_without_an_identity():
    named = hears(enip, "tcp", EMPTY)
    assert (named.name, named.product) == ("EtherNetIP-2", "")


@pytest.mark.parametrize("at", [0, 1, 2, 12, 13, 14, 19])
def test_one_byte_away(at):
    assert hears(enip, "udp", changed(CPPPO, at)) is None


@pytest.mark.parametrize("reply", [CPPPO[:-1], CPPPO + b"\0", CPPPO[:24], b""])
def test_other_lengths(reply):
    assert hears(enip, "udp", reply) is None


def test_an_echo_is_no_device():
    assert hears(enip, "udp", sent(enip.talk(peer("udp")))) is None


@given(damaged(CPPPO, EMPTY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(enip, "tcp", *replies))

"""BACnet: properties, or any refusal, for our invoke id."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import bacnet

BACPYPES = captured("bacnet-bacpypes")[0]
INVOKE = NONCE[:1]


def apdu(body, control=b"\1\0"):
    return b"\x81\x0a" + (6 + len(body)).to_bytes(2, "big") + control + body


def told(kind, value):
    text = b"\0" + value
    size = bytes([0x70 + len(text)]) if len(text) < 5 else b"\x75" + bytes([len(text)])
    return bytes([0x29, kind, 0x4E]) + size + text + b"\x4f"


DEVICE = b"\x0c\2\0\0\x4d\x1e"
ACK = apdu(
    b"\x30"
    + INVOKE
    + b"\x0e"
    + DEVICE
    + told(121, b"Acme Controls")
    + told(70, b"ACX")
    + told(44, b"1.2")
    + told(77, b"AHU-1")
    + b"\x1f"
)
PARTLY = apdu(
    b"\x30"
    + INVOKE
    + b"\x0e"
    + DEVICE
    + told(121, b"Acme")
    + b"\x29\x46\x5e\x91\2\x91\x20\x5f"
    + told(77, b"AHU-1")
    + b"\x1f"
)


def test_one_request_that_only_reads():
    query = sent(bacnet.talk(peer("udp")))
    assert query[:2] == b"\x81\x0a"
    assert int.from_bytes(query[2:4], "big") == len(query)
    assert query[8:10] == INVOKE + b"\x0e"
    assert bacnet.PROBE.care == "asked"


def test_the_device_in_its_own_words():
    named = hears(bacnet, "udp", ACK)
    assert (named.product, named.version, named.hostname) == ("Acme Controls ACX", "1.2", "AHU-1")
    assert named.facts == (("instance", "77"),)


def test_a_property_that_it_does_not_have_is_passed_over():
    named = hears(bacnet, "udp", PARTLY)
    assert (named.product, named.version, named.hostname) == ("Acme", "", "AHU-1")


def test_a_real_stack():
    assert hears(bacnet, "udp", BACPYPES).product == "BACpypes"


@pytest.mark.parametrize("body", [b"\x50%c\x0e\x91\1\x91\x1f", b"\x60%c\x09", b"\x71%c\x04"])
def test_refusals_prove_it(body):
    named = hears(bacnet, "udp", apdu(body % INVOKE))
    assert (named.name, named.proof, named.product) == ("bacnet", "nonce", "")


@pytest.mark.parametrize("at", [0, 1, 3, 4, 5, 6, 7, 8])
def test_one_byte_away(at):
    assert hears(bacnet, "udp", changed(ACK, at)) is None


@pytest.mark.parametrize("reply", [ACK[:-1], ACK + b"\0", apdu(b"\x10\x00"), apdu(b"\x60"), b""])
def test_other_messages(reply):
    assert hears(bacnet, "udp", reply) is None


def test_an_echo_is_no_device():
    assert hears(bacnet, "udp", sent(bacnet.talk(peer("udp")))) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"\x29", bytes(6) + b"\x29\x79\x4e\x75", bytes(6) + b"\x29\x79\x4e\x75\xff", bytes(6) + b"\x29\x79\x3e\0"],
)
def test_properties_that_end_early(body):
    assert all(len(value) < 61 for value in bacnet._properties(body).values())


@given(damaged(ACK, PARTLY, BACPYPES))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(bacnet, "udp", *replies))

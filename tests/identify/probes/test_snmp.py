"""SNMPv3 discovery: the engine's report with our message id."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import snmp

NETSNMP = captured("snmp-netsnmp")[0]
ENGINE = bytes.fromhex("8000000903aabbccddeeff")


def tlv(kind, value):
    return bytes([kind, len(value)]) + value


def report(engine=ENGINE, identifier=None, version=b"\3", boots=b"\2", time=b"\x0e\x10"):
    number = tlv(2, identifier or (int.from_bytes(NONCE[:4], "big") & 0x3FFFFFFF | 0x10000000).to_bytes(4, "big"))
    header = tlv(0x30, number + tlv(2, b"\0\xff\xe3") + tlv(4, b"\0") + tlv(2, b"\3"))
    usm = tlv(0x30, tlv(4, engine) + tlv(2, boots) + tlv(2, time) + tlv(4, b"") * 3)
    scoped = tlv(0x30, tlv(4, engine) + tlv(4, b"") + tlv(0xA8, number + tlv(2, b"\0") * 2 + tlv(0x30, b"")))
    return tlv(0x30, tlv(2, version) + header + tlv(4, usm) + scoped)


def test_the_question_has_no_community_no_user_and_the_length_it_says():
    query = sent(snmp.talk(peer("udp")))
    assert query[0] == 0x30
    assert query[1] == len(query) - 2
    assert query[2:5] == b"\2\1\3"
    assert b"public" not in query


@pytest.mark.parametrize(
    ("engine", "info", "product", "fact"),
    [
        ("8000000903aabbccddeeff", "SNMPv3, engine of Cisco (9)", "", ("mac", "aa:bb:cc:dd:ee:ff")),
        ("80001f8880aabbccdd00112233", "SNMPv3, engine of Net-SNMP (8072)", "net-snmp", None),
        ("8000000001c0000201", "SNMPv3, enterprise 0", "", ("address", "192.0.2.1")),
        ("80003a8c04686f7374", "SNMPv3, engine of MikroTik (14988)", "", ("name", "host")),
        ("000000090000000000000001", "SNMPv3, engine of Cisco (9)", "", None),
    ],
)
def test_whose_engine_it_is(engine, info, product, fact):
    named = hears(snmp, "udp", report(bytes.fromhex(engine)))
    assert (named.info, named.product, named.proof, named.guarded) == (info, product, "nonce", True)
    assert ("engine", engine) in named.facts
    assert fact is None or fact in named.facts


def test_boots_and_time_are_told():
    assert {("boots", "2"), ("up for seconds", "3600")} <= set(hears(snmp, "udp", report()).facts)


@pytest.mark.parametrize(
    "reply",
    [
        report(identifier=b"\1\2\3\4"),
        report(version=b"\1"),  # an answer of version 2c
        report(engine=b""),  # what we sent: an echo
        report()[:-1],
        report() + b"\0",
        changed(report(), 0),
        changed(report(), 5),
        b"\x30\x80" + bytes(20),  # indefinite length
        b"\x30\x84\xff\xff\xff\xff",
    ],
)
def test_what_is_not_our_answer(reply):
    assert hears(snmp, "udp", reply) is None


def test_an_echo_is_no_agent():
    assert hears(snmp, "udp", sent(snmp.talk(peer("udp")))) is None


def test_long_lengths_are_read():
    assert snmp._elements(b"\4\x82\1\0" + bytes(256)) == [(4, bytes(256))]
    assert snmp._tlv(4, bytes(200)) == b"\4\x82\0\xc8" + bytes(200)


@given(damaged(NETSNMP, report()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(snmp, "udp", *replies))

"""The password service is proved by an error under its own header."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import kpasswd
from hb_engine.wire.ber import integer, tlv


def answer(version=1, ticket=0, kind=30, tag=0x7E, spare=0):
    body = tlv(tag, tlv(0x30, tlv(0xA1, integer(kind)), tlv(0xAC, tlv(4, b"\0\3no"))))
    message = version.to_bytes(2, "big") + ticket.to_bytes(2, "big") + body
    return (2 + len(message) + spare).to_bytes(2, "big") + message


@pytest.mark.parametrize(
    ("capture", "product", "realm"),
    [
        ("kpasswd-mit", "MIT Kerberos", "EXAMPLE.ORG"),
        ("kpasswd-mit-udp", "MIT Kerberos", "EXAMPLE.ORG"),
        ("kpasswd-samba-ad", "Samba", "AD.EXAMPLE"),
    ],
)
def test_real_servers(capture, product, realm):
    told = named(capture)
    assert (told.product, told.facts) == (product, (("realm", realm),))


def test_an_unknown_server_is_named_by_the_structure():
    told = ask(kpasswd, answer(0xFF80), transport="udp")
    assert (told.name, told.product, told.info) == ("kpasswd5", "", "no")


def test_the_request_holds_no_ticket():
    assert first_words(kpasswd, "udp") == bytes.fromhex("000e00010004") + bytes(8)


@pytest.mark.parametrize(
    "message",
    [answer(2), answer(ticket=1), answer(kind=21), answer(tag=0x6F), answer(spare=1), answer()[:-1], b"\0\6\0\1\0\0"],
)
def test_near_misses(message):
    assert ask(kpasswd, message, transport="udp") is None
    assert ask(kpasswd, len(message).to_bytes(4, "big") + message) is None

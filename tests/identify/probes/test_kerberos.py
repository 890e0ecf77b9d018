"""Kerberos is proved by a KRB-ERROR to a request for nobody."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named

from hb_engine.identify.probes import kerberos
from hb_engine.wire.ber import integer, tlv


def error(code=68, *, kind=30, version=5, stime=b"20240101000000Z", tag=0x7E, realm=b"AD.EXAMPLE"):
    fields = [tlv(0xA0, integer(version)), tlv(0xA1, integer(kind)), tlv(0xA4, tlv(0x18, stime))]
    fields += [tlv(0xA6, integer(code)), tlv(0xA9, tlv(0x1B, realm))]
    return tlv(tag, tlv(0x30, *fields))


def framed(message):
    return len(message).to_bytes(4, "big") + message


@pytest.mark.parametrize("capture", ["kerberos-mit", "kerberos-mit-udp"])
def test_mit_is_named_by_its_words(capture):
    told = named(capture)
    assert (told.product, told.proof, told.cpe) == ("MIT Kerberos", "nonce", ("cpe:/a:mit:kerberos_5",))
    assert told.facts[0][0] == "server time"


@pytest.mark.parametrize("capture", ["kerberos-samba-ad", "kerberos-samba-ad-udp"])
def test_others_name_the_protocol_alone(capture):
    told = named(capture)
    assert (told.name, told.product, told.proof) == ("kerberos-sec", "", "nonce")


def test_a_wrong_realm_tells_the_right_one():
    told = ask(kerberos, framed(error()))
    assert (told.evidence, told.proof) == ("error 68 (wrong realm), server time 20240101000000Z", "structure")
    assert told.facts == (("server time", "20240101000000Z"), ("realm", "AD.EXAMPLE"))
    assert ask(kerberos, error(), transport="udp") == told


def test_the_length_is_only_on_tcp():
    assert first_words(kerberos)[4:] == first_words(kerberos, "udp")
    assert int.from_bytes(first_words(kerberos)[:4], "big") == len(first_words(kerberos, "udp"))


def test_a_get_is_answered_with_field_too_long():
    assert kerberos.hint(framed(error(61)))
    assert not kerberos.hint(b"HTTP/1.1 400 Bad Request\r\n")


@pytest.mark.parametrize(
    "message",
    [
        error(kind=11),
        error(version=4),
        error(tag=0x6B),
        error(code=300),
        error(stime=b""),
        error()[:-1],
        tlv(0x7E, b""),
        tlv(0x30, error()),
        b"",
    ],
)
def test_near_misses(message):
    assert ask(kerberos, framed(message)) is None
    assert ask(kerberos, message, transport="udp") is None

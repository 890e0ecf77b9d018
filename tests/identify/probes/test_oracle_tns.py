"""Oracle's listener: refusals and banners with versions, built from the frame of TNS packets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import oracle_tns


def packet(kind, body):
    return (8 + len(body)).to_bytes(2, "big") + b"\0\0" + bytes([kind]) + b"\0\0\0" + body


def refusal(number):
    words = b"(DESCRIPTION=(TMP=)(VSNNUM=%d)(ERR=1189)(ERROR_STACK=(ERROR=(CODE=1189)(EMFI=4))))" % number
    return packet(4, b"\x22\0" + len(words).to_bytes(2, "big") + words)


ACCEPT = packet(2, b"\x01\x36\0\0\x08\0\x7f\xff\x01\0\0\0\0\x18" + bytes(2))
BANNER = packet(6, b"\0\0TNSLSNR for Linux: Version 11.2.0.4.0 - Production\n")


def test_the_question_names_no_service_and_is_as_long_as_it_says():
    question = sent(oracle_tns.talk(peer()))
    assert len(question) == int.from_bytes(question[:2], "big") == 0x5A
    assert question.endswith(b"(CONNECT_DATA=(COMMAND=version))")
    assert question[24:28] == b"\0\x20\0\x3a"  # the data's length, and where it begins
    assert question.index(b"(CONNECT") == 0x3A


@pytest.mark.parametrize(
    ("number", "version"),
    [
        (0x13000000, "19.0.0.0.0"),
        (0x13030000, "19.3.0.0.0"),
        (0x0B200400, "11.2.0.4.0"),
        (0x0A200100, "10.2.0.1.0"),
        (0x0C102000, "12.1.2.0.0"),
        (0, ""),
    ],
)
def test_versions_in_a_refusal(number, version):
    named = hears(oracle_tns, "tcp", refusal(number))
    assert (named.name, named.version, named.guarded) == ("oracle-tns", version, True)


def test_a_listener_that_accepts_tells_its_version_in_words():
    named = hears(oracle_tns, "tcp", ACCEPT, BANNER)
    assert (named.version, named.system, named.guarded) == ("11.2.0.4.0", "Linux", False)


def test_a_packet_that_is_wanted_again_is_sent_again():
    talk: Any = oracle_tns.talk(peer())
    first = next(talk).send
    assert talk.send(Reply.of(packet(11, b""))).send == first
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(refusal(0x13000000)))
    assert end.value.value.version == "19.0.0.0.0"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        packet(11, b""),
        packet(4, b"\0\0\0\0"),
        packet(1, b"x"),
        refusal(0x13000000)[:-1],
        changed(refusal(0x13000000), 2),
        changed(refusal(0x13000000), 4, 3),
        changed(refusal(0x13000000), 6),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_no_listener(reply):
    assert hears(oracle_tns, "tcp", reply) is None


def test_an_echo_is_no_listener():
    assert hears(oracle_tns, "tcp", sent(oracle_tns.talk(peer()))) is None


@given(damaged(refusal(0x13000000), ACCEPT, BANNER, packet(11, b"")))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(oracle_tns, "tcp", *replies))

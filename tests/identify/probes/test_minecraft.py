"""Minecraft: the status that a server shows in a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import minecraft

NODE = captured("minecraft-node")[0]


def status(document):
    body = b"\0" + minecraft._varint(len(document)) + document
    return minecraft._varint(len(body)) + body


def test_the_handshake_asks_for_status_only():
    query = sent(minecraft.talk(peer(port=25565, host="192.0.2.1")))
    assert query == b"\x13\0\xff\xff\xff\xff\x0f\x09192.0.2.1\x63\xdd\1\1\0"


def test_a_long_name_is_bounded():
    assert len(sent(minecraft.talk(peer(host="a" * 300)))) < 145


def test_versions():
    named = hears(minecraft, "tcp", NODE)
    assert (named.version, named.info) == ("1.20.4", "protocol 765")
    named = hears(minecraft, "tcp", status(b'{"version":{"name":"Paper 1.19.2","protocol":760},"players":{"max":20}}'))
    assert (named.version, named.facts) == ("Paper 1.19.2", (("players at most", "20"),))


@pytest.mark.parametrize(
    "document",
    [
        b"{}",
        b"[]",
        b"null",
        b'{"version":"1"}',
        b'{"version":{"name":1}}',
        b'{"version":{"name":"1"}',
        b"[" * 9000,
        b"\xff",
    ],
)
def test_documents_that_say_nothing(document):
    assert hears(minecraft, "tcp", status(document)) is None


@pytest.mark.parametrize(
    "document",
    [
        b'{"version":{"name":"1","protocol":1e999},"players":[]}',
        b'{"version":{"name":"1","protocol":' + b"9" * 30 + b'},"players":{"max":' + b"9" * 30 + b"}}",
    ],
)
def test_numbers_beyond_measure_are_left_out(document):
    named = hears(minecraft, "tcp", status(document))
    assert (named.info, named.facts) == ("", ())


@pytest.mark.parametrize(
    "reply", [NODE[:-1], changed(NODE, 2), b"\xff" * 8, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0", b""]
)
def test_what_is_not_its_answer(reply):
    assert hears(minecraft, "tcp", reply) is None


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", False),
        (b"\x80", False),
        (NODE[:20], False),
        (NODE, True),
        (b"\xff" * 4, True),
        (b"\xff\xff\xff\x01", True),
    ],
)
def test_when_it_has_heard_enough(data, whole):
    assert next(begin(minecraft)).until(data) == whole


@given(damaged(NODE))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(minecraft, "tcp", *replies))

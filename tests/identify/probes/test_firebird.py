"""Firebird: release 3 asks who we are; older ones choose a protocol (built from protocol.h)."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import firebird

THREE = captured("firebird-3")[0]


def accepted(version, operation=3, kind=3):
    return b"".join(value.to_bytes(4, "big") for value in (operation, version & 0xFFFFFFFF, 1, kind))


@pytest.mark.parametrize(
    ("reply", "info"),
    [
        (THREE, "release 3.0 or later"),
        (accepted(0xFFFF800C), "protocol 12, release 2.5"),
        (accepted(0x800B), "protocol 11, release 2.1"),
        (accepted(0xFFFF8010, 94), "protocol 16, release 4.0"),
        (accepted(0xFFFF8013, 98, 0x105), "protocol 19, release 5.0"),
        (bytes(3) + b"\x09" + bytes(16) + b"\0\0\0\1\x14\0\0\x98" + bytes(4), ""),
    ],
)
def test_releases(reply, info):
    named = hears(firebird, "tcp", reply)
    assert (named.name, named.product, named.info) == ("firebird", "Firebird RDBMS", info)


def test_protocol_10_may_be_interbase():
    named = hears(firebird, "tcp", accepted(10))
    assert (named.product, named.info, named.cpe) == ("", "protocol 10", ())


def test_a_bare_refusal_is_a_likeness():
    assert hears(firebird, "tcp", b"\0\0\0\4").proof == "pattern"


def test_no_database_and_nobody_is_named():
    question = sent(firebird.talk(peer()))
    assert question[16:20] == bytes(4)
    assert question[24:28] == bytes(4)
    assert len(question) == 28 + 20 * len(firebird.OFFERS)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        THREE[:-1],
        THREE + b"\0",
        changed(THREE, 3),
        changed(THREE, 19),
        accepted(14 | 0x8000),
        accepted(0x800C, 5),
        accepted(0x800C, kind=9),
        changed(accepted(0x800C), 11),
        b"\0\0\0\4\0",
    ],
)
def test_what_is_no_answer(reply):
    assert hears(firebird, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(firebird, "tcp", sent(firebird.talk(peer()))) is None


@given(damaged(THREE, accepted(0xFFFF800C)))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(firebird, "tcp", *replies))

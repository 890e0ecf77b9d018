"""ZMTP: signatures, versions and mechanisms of peers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Ask, Reply
from hb_engine.identify.probes import zmtp

SIGNATURE, _ = captured("zmtp-curve")
REST = captured("zmtp-null")[1]


def rest(minor=1, mechanism=b"NULL"):
    return b"\3" + bytes([minor]) + mechanism.ljust(20, b"\0") + bytes(32)


@pytest.mark.parametrize(
    ("more", "info", "guarded"),
    [
        (REST, "ZMTP 3.1, NULL", False),
        (rest(0, b"CURVE"), "ZMTP 3.0, CURVE", True),
        (rest(1, b"PLAIN"), "ZMTP 3.1, PLAIN", True),
        (b"\1\1\0\0", "ZMTP 2.0", False),
        (b"", "ZMTP", False),  # a peer that wants another mechanism hangs up
    ],
)
def test_peers(more, info, guarded):
    named = hears(zmtp, "tcp", SIGNATURE, more)
    assert (named.name, named.info, named.guarded) == ("zmtp", info, guarded)


def test_nothing_is_said_before_the_signature_is_heard():
    talk: Any = zmtp.talk(peer())
    assert next(talk) == Ask(until=zmtp._whole)
    ours = talk.send(Reply.of(SIGNATURE)).send
    assert len(ours) == 64
    assert ours.startswith(zmtp.SIGNATURE + b"\3\0NULL\0")


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        SIGNATURE[:9],
        changed(SIGNATURE, 0),
        changed(SIGNATURE, 4),
        changed(SIGNATURE, 9),
        b"\xff" * 19,
        b"\xff\xfd\x18",
    ],
)
def test_what_is_no_signature(heard):
    """Nor BGP's marker, nor telnet's options."""
    assert hears(zmtp, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert zmtp._whole(b"\xff\xfd\x18")
    assert not zmtp._whole(b"\xff\0\0")
    assert zmtp._whole(SIGNATURE)
    assert zmtp.hint(SIGNATURE)


@given(damaged(SIGNATURE, REST, rest()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(zmtp, "tcp", *replies))

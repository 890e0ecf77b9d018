"""Pulsar: CONNECTED and ERROR, built from PulsarApi.proto."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import pulsar
from hb_engine.wire.protobuf import number, octets


def framed(command):
    return (4 + len(command)).to_bytes(4, "big") + len(command).to_bytes(4, "big") + command


CONNECTED = framed(number(1, 3) + octets(3, octets(1, b"Pulsar Server2.10.0") + number(2, 19)))
ERROR = framed(number(1, 14) + octets(14, number(1, 0) + number(2, 3) + octets(3, b"Failed to authenticate")))


def test_the_version_of_who_connects_us():
    named = hears(pulsar, "tcp", CONNECTED)
    assert (named.name, named.version, named.guarded) == ("pulsar", "2.10.0", False)
    assert named.cpe == ("cpe:/a:apache:pulsar:2.10.0",)


def test_who_wants_a_login():
    named = hears(pulsar, "tcp", ERROR)
    assert (named.version, named.guarded, named.evidence) == ("", True, "Failed to authenticate")


def test_nobody_is_named():
    question = sent(pulsar.talk(peer()))
    assert len(question) == 4 + int.from_bytes(question[:4], "big")
    assert question[8:].startswith(b"\x08\x02\x12")


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        CONNECTED[:-1],
        changed(CONNECTED, 9),
        changed(CONNECTED, 3, -2),
        framed(number(1, 3)),
        framed(number(1, 3) + number(3, 1)),
    ],
)
def test_what_is_no_answer(reply):
    assert hears(pulsar, "tcp", reply) is None


def test_an_echo_is_no_broker():
    assert hears(pulsar, "tcp", sent(pulsar.talk(peer()))) is None


@given(damaged(CONNECTED, ERROR))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(pulsar, "tcp", *replies))

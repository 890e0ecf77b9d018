"""TACACS+: a reply for our session. Built from RFC 8907, no server of it was at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import NONCE, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import tacacs

GET_USER = b"\4\0\0\0\0\0"  # status, flags, lengths of nothing
REPLY = b"\xc0\1\2\1" + NONCE[:4] + b"\0\0\0\6" + GET_USER


def test_it_names_nobody_and_stays_at_home():
    query = sent(tacacs.talk(peer()))
    assert query == b"\xc0\1\1\1" + NONCE[:4] + b"\0\0\0\x08" + b"\1\1\1\1\0\0\0\0"
    assert not tacacs.PROBE.anywhere


@pytest.mark.parametrize(("flags", "guarded"), [(1, False), (0, True), (4, True), (5, False)])
def test_replies(flags, guarded):
    named = hears(tacacs, "tcp", REPLY[:3] + bytes([flags]) + REPLY[4:])
    assert (named.name, named.proof, named.guarded) == ("tacacs", "nonce", guarded)


def test_the_minor_version_may_be_one():
    assert hears(tacacs, "tcp", b"\xc1" + REPLY[1:]).name == "tacacs"


@pytest.mark.parametrize("at", [0, 1, 2, 4, 5, 6, 7, 11])
def test_one_byte_away(at):
    assert hears(tacacs, "tcp", changed(REPLY, at, 2)) is None


@pytest.mark.parametrize("reply", [REPLY[:-1], REPLY + b"\0", REPLY[:12], b""])
def test_other_lengths(reply):
    assert hears(tacacs, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(tacacs, "tcp", sent(tacacs.talk(peer()))) is None


@given(damaged(REPLY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(tacacs, "tcp", *replies))

"""JDWP: the handshake and the version; who only repeats is no virtual machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded

from hb_engine.identify.probes import jdwp
from hb_engine.identify.transcript import NONCE

HANDSHAKE, VERSION = captured("jdwp-openjdk")
EVENT = b"\0\0\0\x0bhbhb\0\x40\x64"


def test_the_version_of_the_machine():
    for heard in (VERSION, EVENT + VERSION):
        named = hears(jdwp, "tcp", HANDSHAKE, heard)
        assert (named.name, named.product, named.version) == ("jdwp", "OpenJDK 64-Bit Server VM", "17.0.15")
        assert named.proof == "nonce"


def test_it_is_asked_only_where_somebody_wants_it():
    assert jdwp.PROBE.care == "asked"
    assert not jdwp.PROBE.anywhere


def test_a_handshake_and_then_silence_is_a_likeness():
    assert hears(jdwp, "tcp", HANDSHAKE, b"").proof == "pattern"


def test_who_repeats_everything_is_no_machine():
    assert hears(jdwp, "tcp", HANDSHAKE, b"\0\0\0\x0b" + NONCE[:4] + b"\0\1\1") is None


@pytest.mark.parametrize("reply", [b"", b"JDWP-Handshak", changed(HANDSHAKE, 0), b"jdwp-handshake"])
def test_what_is_no_handshake(reply):
    assert hears(jdwp, "tcp", reply, VERSION) is None


@pytest.mark.parametrize("at", [4, 8, 9, 10])
def test_what_is_no_reply_of_ours(at):
    assert hears(jdwp, "tcp", HANDSHAKE, changed(VERSION, at)) is None


def test_texts_that_promise_too_much_are_left_out():
    named = hears(jdwp, "tcp", HANDSHAKE, b"\0\0\0\x0f" + NONCE[:4] + b"\x80\0\0\0\0\0\xff")
    assert (named.product, named.version) == ("", "")


@given(damaged(HANDSHAKE, VERSION))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(jdwp, "tcp", *replies))
    assert is_bounded(hears(jdwp, "tcp", HANDSHAKE, *replies))

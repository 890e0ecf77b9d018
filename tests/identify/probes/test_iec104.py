"""IEC 60870-5-104: a test frame is confirmed."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import iec104

CONFIRMED = captured("iec104-c104")[0]


def test_it_tests_and_never_starts():
    assert sent(iec104.talk(peer())) == b"\x68\4\x43\0\0\0"
    assert iec104.PROBE.care == "asked"
    assert not iec104.PROBE.anywhere


def test_a_confirmation_also_with_something_behind_it():
    assert hears(iec104, "tcp", CONFIRMED).name == "iec-104"
    assert hears(iec104, "tcp", CONFIRMED + b"\x68\4\x43\0\0\0").name == "iec-104"


@pytest.mark.parametrize("at", range(6))
def test_one_byte_away(at):
    assert hears(iec104, "tcp", changed(CONFIRMED, at)) is None


def test_an_echo_and_half_a_frame():
    assert hears(iec104, "tcp", sent(iec104.talk(peer()))) is None
    assert hears(iec104, "tcp", CONFIRMED[:5]) is None


@given(damaged(CONFIRMED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(iec104, "tcp", *replies))

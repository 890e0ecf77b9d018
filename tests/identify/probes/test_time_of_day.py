"""Time is four bytes near our own clock, and the end of the connection."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named
from tests.kit.talks import hears

from hb_engine.identify.kit import Peer, Reply, converse
from hb_engine.identify.probes import time_of_day
from hb_engine.identify.transcript import NONCE, NOW


def stamp(seconds):
    return (2208988800 + seconds).to_bytes(4, "big")


def test_inetutils_sends_four_zeros_more():
    told = named("time_of_day-inetd")
    assert (told.name, told.evidence[:11]) == ("time", "four bytes,")


def test_on_udp():
    told = ask(time_of_day, stamp(NOW), transport="udp")
    assert (told.name, told.evidence[:11]) == ("time", "four bytes,")
    assert first_words(time_of_day, "udp") == b"\n"
    assert hears(time_of_day, "udp", b"\n") is None


@pytest.mark.parametrize(("seconds", "words"), [(NOW + 7, "7 s ahead of"), (NOW - 86400, "86400 s behind")])
def test_a_clock_that_is_a_little_off(seconds, words):
    assert ask(time_of_day, Reply.of(stamp(seconds), "closed")).evidence == f"four bytes, {words} our clock"


def test_without_a_clock_of_our_own_nothing_is_claimed():
    talk = time_of_day.talk(Peer("tcp", "hb.invalid", 37, NONCE))
    assert converse(talk, [Reply.of(stamp(NOW), "closed")]) is None


@pytest.mark.parametrize(
    ("data", "ended"),
    [
        (stamp(NOW + 86401), "closed"),
        (stamp(NOW), "silent"),
        (stamp(NOW)[:3], "closed"),
        (stamp(NOW) + b"\0", "closed"),
        (stamp(NOW) + b"\0\0\0\1", "closed"),
        (b"", "closed"),
    ],
)
def test_near_misses(data, ended):
    assert ask(time_of_day, Reply.of(data, ended)) is None

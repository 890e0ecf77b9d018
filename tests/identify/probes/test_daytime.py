"""Daytime is a date in one line, and the end of the connection."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named
from tests.kit.talks import hears

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import daytime


def test_inetd_tells_its_time():
    told = named("daytime-inetd")
    assert told.evidence.endswith(" 2026")
    assert told.facts == (("time", told.evidence),)


def test_on_udp():
    assert named("daytime-inetd-udp").evidence.endswith(" 2026")
    assert hears(daytime, "udp", b"\n") is None


@pytest.mark.parametrize(
    "line",
    [
        b"25 NOV 2026 18:52:29 UTC\r\n",
        b"\n61369 26-11-25 18:52:29 00 0 0 173.8 UTC(NIST) * \n",
        b"2026-11-25 18:52:29",
        b"Wednesday, November 25, 2026 18:52:29-UTC\r\n",
    ],
)
def test_other_ways_to_write_it(line):
    assert ask(daytime, Reply.of(line, "closed")).name == "daytime"


@pytest.mark.parametrize(
    ("line", "ended"),
    [
        (b"Wed Nov 25 18:52:29 2026\r\n", "silent"),
        (b"Wed Nov 25 18:52:29\r\n", "closed"),
        (b"Wed Nov 25 18:52 2026\r\n", "closed"),
        (b"Wed Nov 25 18:52:29 1926\r\n", "closed"),
        (b"220 ready 18:52:29 2026\r\n", "closed"),
        (b"one\r\n18:52:29 2026\r\n", "closed"),
        (b"18:52:29 2026" + b"." * 200, "closed"),
        (b"18:52:29 2026\x01", "closed"),
        (b"", "closed"),
    ],
)
def test_near_misses(line, ended):
    assert ask(daytime, Reply.of(line, ended)) is None

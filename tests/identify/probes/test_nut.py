"""Network UPS Tools: the version that upsd tells anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import nut

UPSD = captured("nut-upsd")[0]


def test_it_asks_and_says_goodbye():
    assert sent(nut.talk(peer())) == b"VER\nLOGOUT\n"


@pytest.mark.parametrize(
    ("line", "version"),
    [
        (UPSD, "2.8.0"),
        (b"Network UPS Tools upsd 2.7.4 - http://www.networkupstools.org/\nOK Goodbye\n", "2.7.4"),
        (b"Network UPS Tools upsd master\n", "master"),
    ],
)
def test_versions(line, version):
    named = hears(nut, "tcp", line)
    assert (named.name, named.version) == ("nut", version)
    assert bool(named.cpe) == version[0].isdigit()


@pytest.mark.parametrize(
    "line", [b"Network UPS Tools\n", b"network ups tools upsd 2.8.0\n", b"ERR UNKNOWN-COMMAND\n", b"VER\nLOGOUT\n", b""]
)
def test_what_is_not_its_answer(line):
    assert hears(nut, "tcp", line) is None


def test_its_refusals_are_a_hint():
    assert nut.hint(b"ERR UNKNOWN-COMMAND\n")
    assert not nut.hint(b"ERROR\r\n")


@given(damaged(UPSD))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(nut, "tcp", *replies))

"""gpsd: the object with which it greets."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded

from hb_engine.identify.probes import gpsd

GREETING = captured("gpsd-open")[0]


def test_the_release_of_who_greets():
    named = hears(gpsd, "tcp", GREETING)
    assert (named.name, named.version, named.info) == ("gpsd-ng", "3.22", "protocol 3.14")
    assert named.cpe == ("cpe:/a:gpsd_project:gpsd:3.22",)
    assert gpsd.hint(GREETING)


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        GREETING.rstrip(b"\r\n"),
        changed(GREETING, 0),
        b'{"class":"VERSION"}\r\n',
        b'{"class":"VERSION","release":3}\r\n',
        b'{"class":"VERSION","release":"3.22","proto_major":"x","proto_minor":1}\r\n',
        b'{"class":"VERSION",' + b'"a":[' * 5000 + b"\n",
        b'{"class":"DEVICES"}\n',
    ],
)
def test_what_is_no_greeting_of_gpsd(heard):
    assert hears(gpsd, "tcp", heard) is None


@given(damaged(GREETING))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(gpsd, "tcp", *replies))

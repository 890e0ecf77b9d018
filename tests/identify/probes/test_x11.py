"""X11 is proved by its answer to a setup, open or not."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import x11

[OPEN], [DENIED] = replies("x11-xvfb"), replies("x11-xvfb-guarded")


def test_an_open_display_tells_vendor_and_release():
    told = named("x11-xvfb")
    assert (told.product, told.version, told.info) == ("X.Org X server", "21.1.7", "open to everybody")
    assert told.cpe == ("cpe:/a:x.org:x_server:21.1.7",)


def test_a_closed_display_gives_a_reason():
    told = named("x11-xvfb-guarded")
    assert (told.guarded, told.info) == (True, "access denied")
    assert told.evidence.startswith("Authorization required")


def test_authentication():
    told = ask(x11, b"\2\0\0\0\0\0\1\0why?")
    assert (told.guarded, told.evidence) == (True, "why?")


@pytest.mark.parametrize(
    ("release", "version"), [(12101007, "21.1.7"), (12013000, "1.20.13"), (11804000, "1.18.4"), (12302004, "23.2.4")]
)
def test_releases(release, version):
    assert x11._version(release) == version


def test_another_vendor_has_no_version():
    reply = OPEN[:24] + b"\7\0" + OPEN[26:40] + b"Example" + OPEN[60:]
    told = ask(x11, reply)
    assert (told.product, told.version, told.cpe) == ("Example", "", ())


@pytest.mark.parametrize(
    "reply",
    [
        b"\3" + DENIED[1:],
        DENIED[:2] + b"\x0a" + DENIED[3:],
        DENIED[:6] + b"\x11\0" + DENIED[8:],
        DENIED[:1] + b"\0" + DENIED[2:],
        OPEN[:39],
        OPEN[:6] + b"\1\0" + OPEN[8:],
        b"\2\0\0\0\0\0\2\0why?",
        first_words(x11),
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(x11, reply) is None

"""MPD is named by its greeting, whose number is the protocol's and not the program's."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import mpd


def test_the_number_is_the_protocols():
    told = named("mpd-mpd")  # the program was 0.23.12
    assert (told.product, told.version, told.info) == ("Music Player Daemon", "", "protocol 0.23.5")


@pytest.mark.parametrize(
    "line", [b"OK MPD\n", b"OK MPD x\n", b"OK MPDX 0.23.5\n", b"ok MPD 0.23.5\n", b"OK MPD " + b"1" * 20]
)
def test_near_misses(line):
    assert ask(mpd, line) is None

"""Chargen is told by lines that move on by one character."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import chargen

RING = bytes(range(32, 127))


def lines(count=5, width=72, step=1):
    return b"".join([(RING * 2)[at * step : at * step + width] + b"\r\n" for at in range(count)])


def test_inetd():
    assert named("chargen-inetd").evidence.startswith("!\"#$%&'()*+")


def test_lines_of_the_standard():
    assert ask(chargen, lines()).name == "chargen"
    assert ask(chargen, lines().replace(b"\r", b"")).name == "chargen"


@pytest.mark.parametrize(
    "data", [lines(2), lines(width=70), lines(step=2), lines(step=0), lines().replace(b"(", b"x", 1), b""]
)
def test_near_misses(data):
    assert ask(chargen, data) is None

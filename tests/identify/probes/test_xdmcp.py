"""XDMCP is proved by Willing or Unwilling, to the last byte."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, first_words, named, replies

from hb_engine.identify.probes import xdmcp

[WILLING] = replies("xdmcp-xdm")


def test_xdm_is_willing():
    told = named("xdmcp-xdm")
    assert (told.hostname, told.guarded) == ("mail.example", False)
    assert "load" in told.info


def test_unwilling():
    told = ask(xdmcp, b"\0\1\0\6\0\x0a\0\4host\0\2no", transport="udp")
    assert (told.guarded, told.hostname, told.info) == (True, "host", "no")


@pytest.mark.parametrize(
    "reply",
    [
        WILLING[:-1],
        WILLING + b"\0",
        b"\0\2" + WILLING[2:],
        WILLING[:3] + b"\4" + WILLING[4:],
        first_words(xdmcp, "udp"),
        b"",
    ],
)
def test_near_misses(reply):
    assert ask(xdmcp, reply, transport="udp") is None

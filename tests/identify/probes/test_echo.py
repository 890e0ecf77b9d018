"""Echo sends back what it gets, twice."""

from __future__ import annotations

import pytest
from tests.kit.captures import ask, named

from hb_engine.identify.probes import echo

FIRST, SECOND = b"hb-engine-3031323334353637\r\n", b"hb-engine-3839616263646566\r\n"


@pytest.mark.parametrize("capture", ["echo-inetd", "echo-inetd-udp"])
def test_inetd(capture):
    told = named(capture)
    assert (told.name, told.proof) == ("echo", "nonce")


@pytest.mark.parametrize(
    "replies",
    [[FIRST], [FIRST, FIRST], [SECOND, FIRST], [FIRST.strip(), SECOND], [FIRST + b"?", SECOND], [b"-ERR " + FIRST]],
)
def test_near_misses(replies):
    assert ask(echo, *replies) is None


def test_hint():
    assert echo.hint(b"GET / HTTP/1.1\r\nHost: hb.invalid\r\n\r\n")
    assert not echo.hint(b"HTTP/1.1 200 OK\r\n")

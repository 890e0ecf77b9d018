"""BGP: who opens, who refuses, and nothing that we would say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer

from hb_engine.identify.kit import Ask
from hb_engine.identify.probes import bgp

BIRD = captured("bgp-bird")[0]


def message(kind, body):
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2, "big") + bytes([kind]) + body


def opened(number=64512, parameters=b""):
    return message(1, b"\4" + number.to_bytes(2, "big") + b"\0\xb4\xc0\0\2\1" + bytes([len(parameters)]) + parameters)


def test_it_only_listens():
    talk: Any = bgp.talk(peer())
    assert next(talk) == Ask(until=bgp._whole)


@pytest.mark.parametrize(
    ("heard", "info"),
    [
        (BIRD, "AS 64512, router 192.0.2.1"),
        (opened(), "AS 64512, router 192.0.2.1"),
        (opened(23456, b"\2\6\x41\4\0\3\0\1"), "AS 196609, router 192.0.2.1"),
        (opened(23456, b"\2\x0c\1\4\0\1\0\1" + b"\x41\4\0\3\0\1"), "AS 196609, router 192.0.2.1"),
        (message(3, b"\6\5"), "NOTIFICATION, cease 5"),
    ],
)
def test_routers(heard, info):
    named = hears(bgp, "tcp", heard)
    assert (named.name, named.info) == ("bgp", info)
    assert bgp.hint(heard)


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        BIRD[:-1],
        changed(BIRD, 0),
        changed(BIRD, 18),
        changed(BIRD, 19),
        message(4, b""),
        message(3, b"\x09\0"),
        message(1, b"\4"),
        opened(parameters=b"\2\2")[:-1],
        b"\xff" * 16 + b"\0\x12\1",
        b"\xff\0\0\0\0\0\0\0\1\x7f",  # ZMTP
    ],
)
def test_what_is_no_message_of_bgp(heard):
    assert hears(bgp, "tcp", heard) is None


def test_a_foreign_greeting_is_not_waited_for():
    assert bgp._whole(b"\xff\xfd\x18")
    assert not bgp._whole(b"\xff" * 17)
    assert bgp._whole(BIRD)


@given(damaged(BIRD, opened(23456, b"\2\6\x41\4\0\3\0\1")))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(bgp, "tcp", *replies))

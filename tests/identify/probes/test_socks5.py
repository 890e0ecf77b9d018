"""SOCKS 5: two bytes behind the greeting."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import socks5


def test_one_method_is_offered_and_nothing_is_asked_for():
    assert sent(socks5.talk(peer())) == b"\5\1\0"


@pytest.mark.parametrize(
    ("capture", "info", "guarded"),
    [
        ("socks5-microsocks", "no authentication", False),
        ("socks5-microsocks-password", "wants authentication", True),
        ("socks5-tor", "no authentication", False),
        ("socks5-dante", "no authentication", False),
    ],
)
def test_servers(capture, info, guarded):
    named = hears(socks5, "tcp", captured(capture)[0])
    assert (named.info, named.guarded, named.proof) == (info, guarded, "pattern")


@pytest.mark.parametrize("reply", [b"\5", b"\5\0\0", b"\5\1", b"\5\2", b"\4\0", b"\0\x5b", b"\5\1\0", b""])
def test_what_is_not_its_answer(reply):
    assert hears(socks5, "tcp", reply) is None


def test_what_tor_says_to_http():
    assert socks5.hint(b"HTTP/1.0 501 Tor is not an HTTP Proxy\r\n")
    assert not socks5.hint(b"HTTP/1.0 501 Not Implemented\r\n")


@given(damaged(b"\5\0", b"\5\xff"))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(socks5, "tcp", *replies))

"""ClickHouse: an exception for who does not greet, and the words for HTTP."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import clickhouse

EXCEPTION = captured("clickhouse-native")[0]
HTTP = (
    b"HTTP/1.0 400 Bad Request\r\n\r\n"
    b"Port 9000 is for clickhouse-client program.\r\nYou must use port 8123 for HTTP.\r\n"
)


def test_a_ping_without_a_greeting():
    assert sent(clickhouse.talk(peer())) == b"\x04"
    named = hears(clickhouse, "tcp", EXCEPTION)
    assert (named.name, named.product, named.proof) == ("clickhouse", "ClickHouse", "structure")


def test_http_where_the_ping_brings_nothing():
    named = hears(clickhouse, "tcp", b"", True, HTTP)
    assert (named.product, named.proof) == ("ClickHouse", "banner")
    assert clickhouse.hint(HTTP)


@pytest.mark.parametrize(
    "replies", [(b"",), (b"", True, b"HTTP/1.0 400 Bad Request\r\n\r\n"), (b"", False), (b"\x04",)]
)
def test_who_else_is_silent(replies):
    assert hears(clickhouse, "tcp", *replies) is None


@pytest.mark.parametrize("at", [0, 1, 2, 5, 6, 15])
def test_an_exception_of_another_kind(at):
    assert hears(clickhouse, "tcp", changed(EXCEPTION, at)) is None


@given(damaged(EXCEPTION, HTTP))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(clickhouse, "tcp", *replies))

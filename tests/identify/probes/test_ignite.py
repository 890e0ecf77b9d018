"""Apache Ignite: a handshake that must fail, built from the thin clients' protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import ignite


def failure(words=b"Unsupported version: 0.0.0", newest=(1, 7, 0), more=b"\1\0\0\0"):
    body = b"\0" + b"".join(part.to_bytes(2, "little") for part in newest)
    body += b"\x09" + len(words).to_bytes(4, "little") + words + more
    return len(body).to_bytes(4, "little") + body


def test_the_newest_protocol():
    named = hears(ignite, "tcp", failure())
    assert (named.name, named.info) == ("ignite", "thin client protocol 1.7.0")
    assert sent(ignite.talk(peer())).hex() == "080000000100000000000002"


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        failure()[:-1],
        failure() + b"\0",
        changed(failure(), 4),
        changed(failure(), 11),
        changed(failure(), 13),
        failure(b"Other"),
    ],
)
def test_what_is_no_failure(reply):
    assert hears(ignite, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(ignite, "tcp", sent(ignite.talk(peer()))) is None


@given(damaged(failure()))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(ignite, "tcp", *replies))

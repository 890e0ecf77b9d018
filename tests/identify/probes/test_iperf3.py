"""iperf3: one byte behind a cookie, on its own port only."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import iperf3


def test_the_cookie_is_ours_and_as_long_as_a_clients():
    cookie = sent(iperf3.talk(peer()))
    assert len(cookie) == 37
    assert cookie.endswith(b"\0")
    assert set(cookie[:-1]) <= set(iperf3.ALPHABET)
    assert not iperf3.PROBE.anywhere


@pytest.mark.parametrize(
    ("capture", "info"), [("iperf3-server", "wants parameters"), ("iperf3-busy", "busy with another client")]
)
def test_servers(capture, info):
    named = hears(iperf3, "tcp", captured(capture)[0])
    assert (named.name, named.info, named.proof) == ("iperf3", info, "pattern")


@pytest.mark.parametrize("reply", [b"", b"\x0a", b"\x09\x09", b"\0", b"\xfe", b"HTTP/1.1 400"])
def test_what_is_not_its_answer(reply):
    assert hears(iperf3, "tcp", reply) is None


@given(damaged(b"\x09", b"\xff"))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(iperf3, "tcp", *replies))

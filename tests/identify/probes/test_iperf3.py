"""iperf3: one byte behind a cookie, on its own port only."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import begin, captured, damaged, hears, is_bounded

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import iperf3

SILENCE = Reply.of(b"", "silent")


def test_the_cookie_is_ours_and_as_long_as_a_clients():
    talk = begin(iperf3)
    cookie = next(talk).send
    assert len(cookie) == 36
    assert set(cookie) <= set(iperf3.ALPHABET)
    assert talk.send(SILENCE).send == b"\0"
    assert not iperf3.PROBE.anywhere


@pytest.mark.parametrize(
    ("capture", "info", "proof"),
    [
        ("iperf3-server", "wants parameters", "structure"),
        ("iperf3-busy", "busy with another client", "pattern"),
    ],
)
def test_servers(capture, info, proof):
    named = hears(iperf3, "tcp", *captured(capture))
    assert (named.name, named.info, named.proof) == ("iperf3", info, proof)


@pytest.mark.parametrize("early", [b"\x09", b"\0", b"\xfe", b"HTTP/1.1 400", Reply.of(b"", "closed")])
def test_whoever_speaks_or_leaves_before_the_end_is_not_it(early):
    assert hears(iperf3, "tcp", early, b"\x09") is None


@pytest.mark.parametrize("late", [b"", b"\x0a", b"\x09\x09", b"\xff", b"HTTP/1.1 400"])
def test_what_is_not_its_answer(late):
    assert hears(iperf3, "tcp", SILENCE, late) is None


@given(damaged(b"\x09", b"\xff"))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(iperf3, "tcp", *replies))


@pytest.mark.parametrize(("reply", "hinted"), [(b"\x09", True), (b"\xff", True), (b"\x09\x09", False), (b"", False)])
def test_what_it_says_to_others_is_a_hint(reply, hinted):
    assert iperf3.hint(reply) is hinted

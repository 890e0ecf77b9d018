"""Serf: a handshake under a number of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import serf

AGENT = captured("serf-agent")[0]


def test_the_handshake():
    named = hears(serf, "tcp", AGENT)
    assert (named.name, named.proof, named.guarded) == ("serf", "nonce", False)


def test_an_error_is_told():
    named = hears(serf, "tcp", AGENT.replace(b"\xa0", b"\xb3Unsupported version"))
    assert (named.info, named.guarded) == ("Unsupported version", True)


def test_the_pairs_come_in_any_order():
    assert hears(serf, "tcp", b"\x82" + AGENT[8:] + AGENT[1:8]).name == "serf"


@pytest.mark.parametrize(
    "reply", [b"", AGENT[:-1], AGENT + b"\0", *[changed(AGENT, at) for at in (0, 3, 7, 9, 12, 15)]]
)
def test_what_is_no_answer(reply):
    assert hears(serf, "tcp", reply) is None


def test_an_echo_is_no_agent():
    assert hears(serf, "tcp", sent(serf.talk(peer()))) is None


def test_an_answer_is_whole_when_both_pairs_are_there():
    assert serf._whole(AGENT)
    assert not serf._whole(AGENT[:-1])
    assert serf._whole(b"HTTP")


@given(damaged(AGENT))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(serf, "tcp", *replies))

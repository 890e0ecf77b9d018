"""epmd: with nodes and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import captured, changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import epmd

NODE = captured("epmd-rabbitmq")[0]
EMPTY = captured("epmd-empty")[0]


def test_nodes_and_their_ports():
    named = hears(epmd, "tcp", NODE + b"name couch at port 41000\n")
    assert named.info == "rabbit at port 25672, couch at port 41000"
    assert ("node", "couch 41000") in named.facts
    assert sent(epmd.talk(peer())) == b"\0\1n"


def test_no_node_is_an_answer_too():
    assert hears(epmd, "tcp", EMPTY).evidence == "port 4369, 0 nodes"


def test_the_port_is_its_own_or_ours():
    assert hears(epmd, "tcp", b"\0\0\x30\x39", port=12345).name == "epmd"
    assert hears(epmd, "tcp", b"\0\0\x30\x39", port=12346) is None


@pytest.mark.parametrize(
    "reply", [b"", b"\0\1n", NODE[:-1], changed(NODE, 3), changed(NODE, 4), EMPTY + b"name a on port 1\n"]
)
def test_what_is_no_answer(reply):
    assert hears(epmd, "tcp", reply) is None


@given(damaged(NODE, EMPTY))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(epmd, "tcp", *replies))

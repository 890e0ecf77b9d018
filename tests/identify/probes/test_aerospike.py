"""Aerospike: build and edition, built from its info protocol."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import aerospike


def response(body):
    return b"\2\1" + len(body).to_bytes(6, "big") + body


USUAL = response(b"build\t6.4.0.2\nedition\tAerospike Community Edition\n")
REFUSED = response(b"build\tERROR:80:not authenticated\nedition\tERROR:80:not authenticated\n")


@pytest.mark.parametrize(
    ("reply", "product", "version", "guarded"),
    [
        (USUAL, "Aerospike Community Edition", "6.4.0.2", False),
        (REFUSED, "Aerospike", "", True),
        (response(b"build\t4.0\n"), "Aerospike", "4.0", False),
    ],
)
def test_who_answers(reply, product, version, guarded):
    named = hears(aerospike, "tcp", reply)
    assert (named.name, named.product, named.version, named.guarded) == ("aerospike", product, version, guarded)


@pytest.mark.parametrize(
    "reply", [b"", USUAL[:-1], USUAL + b"\n", changed(USUAL, 0), changed(USUAL, 1), response(b"edition\tx\n")]
)
def test_what_is_no_answer(reply):
    assert hears(aerospike, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(aerospike, "tcp", sent(aerospike.talk(peer()))) is None


@given(damaged(USUAL, REFUSED))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(aerospike, "tcp", *replies))

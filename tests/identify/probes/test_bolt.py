"""Bolt: the version that is chosen, and the server's name where HELLO is no login; built from its specification."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply
from hb_engine.identify.probes import bolt


def success(server):
    said = server.encode()
    value = bytes([0x80 + len(said)]) + said if len(said) < 16 else b"\xd0" + bytes([len(said)]) + said
    message = b"\xb1\x70\xa2\x86server" + value + b"\x8dconnection_id\x86bolt-1"
    return len(message).to_bytes(2, "big") + message + b"\0\0"


NEWEST = b"\0\0\x04\x05"


@pytest.mark.parametrize(
    ("server", "product", "version"),
    [
        ("Neo4j/5.13.0", "Neo4j", "5.13.0"),
        ("Neo4j/v5.11.0 compatible graph database server - Memgraph", "Memgraph", ""),
        ("Other/1", "Other/1", ""),
    ],
)
def test_who_answers_hello(server, product, version):
    named = hears(bolt, "tcp", NEWEST, success(server))
    assert (named.name, named.product, named.version, named.info) == ("bolt", product, version, "Bolt 5.4")


def test_hello_has_no_credentials():
    talk: Any = bolt.talk(peer())
    assert next(talk).send[:4] == b"\x60\x60\xb0\x17"
    hello = talk.send(Reply.of(NEWEST)).send
    assert b"user_agent" in hello
    assert not [word for word in (b"scheme", b"principal", b"credentials") if word in hello]
    assert len(hello) == int.from_bytes(hello[:2], "big") + 4


@pytest.mark.parametrize(
    ("reply", "info"), [(b"\0\0\4\4", "Bolt 4.4"), (b"\0\0\0\3", "Bolt 3.0"), (b"\0\0\0\5", "Bolt 5.0")]
)
def test_where_hello_would_be_a_login_it_is_not_sent(reply, info):
    talk: Any = bolt.talk(peer())
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(Reply.of(reply))
    assert end.value.value.info == info


def test_four_zeros_are_a_likeness():
    assert hears(bolt, "tcp", bytes(4)).proof == "pattern"


def test_a_refused_hello_leaves_the_version():
    named = hears(bolt, "tcp", NEWEST, b"\0\x05\xb1\x7f\xa1\x84code\0\0")
    assert (named.product, named.info) == ("", "Bolt 5.4")


@pytest.mark.parametrize(
    "reply", [b"", b"HTTP", b"\0\0\0", b"\0\0\0\2", b"\0\0\x09\5", b"\0\1\4\5", b"\0\0\4\5\0", b"\0\0\1\xff"]
)
def test_versions_that_were_not_offered(reply):
    assert hears(bolt, "tcp", reply) is None


def test_an_echo_is_no_server():
    assert hears(bolt, "tcp", sent(bolt.talk(peer()))) is None


@given(damaged(NEWEST, success("Neo4j/5.13.0"), changed(success("Neo4j/5.13.0"), 14, 200)))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(bolt, "tcp", *replies))

"""Cassandra: options and errors, built from native_protocol_v4.spec."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import changed, damaged, hears, is_bounded, peer, sent

from hb_engine.identify.probes import cassandra
from hb_engine.identify.transcript import NONCE

STREAM = bytes([NONCE[0] & 0x7F, NONCE[1]])


def string(words):
    return len(words).to_bytes(2, "big") + words


def frame(opcode, body, version=0x84, stream=STREAM):
    return bytes([version, 0]) + stream + bytes([opcode]) + len(body).to_bytes(4, "big") + body


def supported(**options):
    body = len(options).to_bytes(2, "big")
    for name, values in options.items():
        body += string(name.encode()) + len(values).to_bytes(2, "big") + b"".join(string(v.encode()) for v in values)
    return frame(6, body)


APACHE = supported(CQL_VERSION=["3.4.5"], PROTOCOL_VERSIONS=["3/v3", "4/v4", "5/v5"], COMPRESSION=["snappy", "lz4"])
SCYLLA = supported(CQL_VERSION=["3.3.1"], SCYLLA_SHARD=["0"], SCYLLA_NR_SHARDS=["2"])
ERROR = frame(
    0, b"\0\0\0\x0a" + string(b"Invalid or unsupported protocol version (71); highest supported is 4"), stream=b"\0\0"
)


@pytest.mark.parametrize(
    ("reply", "product", "info"),
    [
        (APACHE, "Apache Cassandra", "CQL 3.4.5, protocols 3/v3 4/v4 5/v5"),
        (SCYLLA, "ScyllaDB", "CQL 3.3.1, protocols 4"),
    ],
)
def test_options(reply, product, info):
    named = hears(cassandra, "tcp", reply)
    assert (named.name, named.product, named.info, named.proof) == ("cassandra-native", product, info, "nonce")


def test_a_server_that_wants_another_version():
    assert hears(cassandra, "tcp", ERROR).name == "cassandra-native"
    assert cassandra.hint(ERROR)
    assert not cassandra.hint(APACHE)
    assert not cassandra.hint(frame(0, b"\0\0\0\0" + string(b"Server error")))


def test_the_stream_is_ours_and_not_negative():
    question = sent(cassandra.talk(peer()))
    assert question == b"\4\0" + STREAM + b"\5\0\0\0\0"
    assert question[2] < 0x80


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        APACHE[:-1],
        APACHE + b"\0",
        changed(APACHE, 2),
        changed(APACHE, 0, 10),
        changed(APACHE, 4),
        supported(COMPRESSION=["lz4"]),
        frame(6, b"\0\2\0\1x"),
        frame(0, b"\0\0\0\0" + string(b"Server error")),
        sent(cassandra.talk(peer())),
    ],
)
def test_what_is_no_answer(reply):
    assert hears(cassandra, "tcp", reply) is None


@given(damaged(APACHE, SCYLLA, ERROR))
def test_no_replies_break_the_talk(replies):
    assert is_bounded(hears(cassandra, "tcp", *replies))
    assert all(cassandra.hint(reply) in (True, False) for reply in replies)

"""ONC RPC: calls as RFC 5531 lays them out, and replies for nobody but us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import oncrpc

ACCEPTED = b"abcd" + bytes.fromhex("00000001 00000000 00000000 00000000")


def test_a_call():
    words = "61626364 00000000 00000002 000186a0 00000002 00000004 00000000 00000000 00000000 00000000"
    assert oncrpc.call(b"abcd", 100000, 2, 4, stream=False) == bytes.fromhex(words)
    assert oncrpc.call(b"abcd", 100000, 2, 4) == bytes.fromhex("80000028" + words)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (ACCEPTED + bytes(4) + b"more", oncrpc.RpcReply("success", results=b"more")),
        (ACCEPTED + bytes.fromhex("00000001"), oncrpc.RpcReply("program unavailable")),
        (ACCEPTED + bytes.fromhex("00000002 00000003 00000004"), oncrpc.RpcReply("program mismatch", 3, 4)),
        (b"abcd" + bytes.fromhex("00000001 00000001 00000001 00000002"), oncrpc.RpcReply("authentication error")),
    ],
)
def test_replies(body, told):
    assert oncrpc.reply(body, b"abcd", stream=False) == told
    assert oncrpc.reply(b"\x80\0\0\1" + body, b"abcd") == told
    assert told.accepted == (told.state != "authentication error")


def test_a_verifier_is_passed_over():
    body = b"abcd" + bytes.fromhex("00000001 00000000 00000001 00000005 6162636465000000 00000001")
    assert oncrpc.reply(body, b"abcd", stream=False) == oncrpc.RpcReply("program unavailable")


@pytest.mark.parametrize(
    "body",
    [
        b"abce" + ACCEPTED[4:] + bytes(4),
        b"abcd" + bytes(4),
        ACCEPTED,
        ACCEPTED + bytes.fromhex("00000006"),
        b"abcd" + bytes.fromhex("00000001 00000002 00000000"),
        b"abcd" + bytes.fromhex("00000001 00000001 00000002"),
        ACCEPTED + bytes.fromhex("00000002 00000003"),
    ],
)
def test_what_is_no_reply(body):
    assert oncrpc.reply(body, b"abcd", stream=False) is None


def test_a_record_is_whole_when_its_mark_says_so():
    record = b"\x80\0\0\4abcd"
    assert oncrpc.whole(record)
    assert not oncrpc.whole(record[:-1])
    assert not oncrpc.whole(b"\x80")


@given(st.binary(max_size=80))
def test_no_bytes_can_break_it(data):
    told = oncrpc.reply(data, data[4:8], stream=True)
    assert told is None or told.state in oncrpc.ACCEPTED + oncrpc.DENIED

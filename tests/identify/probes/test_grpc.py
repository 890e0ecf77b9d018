"""gRPC is proved by its content type together with a status, wherever in the answer they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.kit.talks import damaged, hears, is_bounded, peer, sent

from hb_engine.identify.kit import Reply, converse
from hb_engine.identify.probes import grpc
from hb_engine.wire import hpack
from hb_engine.wire.http2 import DATA, END_HEADERS, END_STREAM, HEADERS, SETTINGS, frame

START = frame(SETTINGS, 0, 0)
TYPE = ("content-type", "application/grpc")


def answer(*blocks: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """One block is head and trailers in one; two have a body between them."""
    data = START
    for number, fields in enumerate(blocks):
        last = number == len(blocks) - 1
        data += frame(HEADERS, END_HEADERS | (END_STREAM if last else 0), 1, hpack.encode(fields))
        data += b"" if last else frame(DATA, 0, 1, body)
    return data


SERVING = answer([(":status", "200"), TYPE], [("grpc-status", "0")], body=b"\x00\x00\x00\x00\x02\x08\x01")
UNKNOWN = answer([(":status", "200"), TYPE, ("grpc-status", "12"), ("grpc-message", "unknown service")])
REFUSED = answer([(":status", "200"), TYPE, ("grpc-status", "16")])


def test_it_is_one_call_for_the_health_of_the_whole_server():
    asked = sent(grpc.talk(peer()))
    assert b"/grpc.health.v1.Health/Check" in asked
    assert asked.endswith(frame(DATA, END_STREAM, 1, bytes(5)))


def test_a_server_that_tells_its_health():
    named = hears(grpc, "tcp", SERVING)
    assert (named.name, named.product, named.guarded) == ("grpc", "gRPC", False)
    assert named.facts == (("grpc-status", "0"), ("health", "SERVING"))


def test_a_server_that_has_no_such_service():
    assert hears(grpc, "tcp", UNKNOWN).facts == (("grpc-status", "12"), ("grpc-message", "unknown service"))


def test_a_server_that_wants_to_know_who_asks():
    assert hears(grpc, "tcp", REFUSED).guarded


@pytest.mark.parametrize(
    "reply",
    [
        answer([(":status", "404"), ("content-type", "text/html")]),
        answer([(":status", "200"), TYPE]),
        answer([(":status", "200"), TYPE, ("grpc-status", "x")]),
        answer([(":status", "200"), TYPE, ("grpc-status", "999")]),
        answer([(":status", "200"), ("grpc-status", "0")]),
        START,
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_what_is_near(reply):
    assert hears(grpc, "tcp", Reply.of(reply, "closed")) is None


@given(damaged(SERVING, UNKNOWN))
def test_no_reply_can_break_the_talk(replies):
    assert is_bounded(converse(grpc.talk(peer()), replies))

"""HTTP/2 gives the pages that HTTP/1 gives, on one connection, and nothing that comes back breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.talks import damaged, peer, sent

from hb_engine.identify import http
from hb_engine.identify.http2 import Answer, Connection, either, ends, page_of
from hb_engine.identify.kit import Ask, Reply
from hb_engine.wire import hpack
from hb_engine.wire.http2 import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    RST_STREAM,
    SETTINGS,
    frame,
)

START = frame(SETTINGS, 0, 0)
OK = hpack.encode([(":status", "200"), ("server", "x"), ("content-type", "text/html")])


def page(stream: int = 1, body: bytes = b"<title>hi</title>", head: bytes = OK) -> bytes:
    return frame(HEADERS, END_HEADERS, stream, head) + frame(DATA, END_STREAM, stream, body)


def ran(talk, *replies):
    """What a talk returns for these replies."""
    left = list(replies)
    try:
        command = next(talk)
        while True:
            command = talk.send(
                left.pop(0) if left else (Reply.of(b"", "silent") if isinstance(command, Ask) else False)
            )
    except StopIteration as end:
        return end.value


def test_a_page():
    found = ran(Connection(peer(tls=True)).page("/"), START + page())
    assert (found.status, found.protocol, found.header("server"), found.tls) == (200, "HTTP/2", "x", True)
    assert http.title(found) == "hi"


def test_a_second_page_on_the_same_connection_shares_the_table():
    line = Connection(peer())
    indexed = b"\x88\x76\x03abc\x40\x01n\x01v"  # :status 200, server: abc, and n: v, which both sides remember
    assert ran(line.page("/"), START + page(1, head=indexed)).header("n") == "v"
    assert ran(line.page("/x"), page(3, head=b"\x88\xbe")).header("n") == "v"


def test_the_second_question_acknowledges_the_settings():
    line = Connection(peer())
    ran(line.page("/"), START + page())
    assert sent(line.page("/x")).startswith(frame(SETTINGS, 1, 0))


def test_interim_heads_are_passed_over_and_trailers_come_last():
    early = frame(HEADERS, END_HEADERS, 1, hpack.encode([(":status", "103")]))
    head, end = frame(HEADERS, END_HEADERS, 1, OK), frame(
        HEADERS, END_HEADERS | END_STREAM, 1, hpack.encode([("grpc-status", "0")])
    )  # fmt: skip
    found = ran(Connection(peer()).ask("GET", "/"), START + early + head + frame(DATA, 0, 1, b"x") + end)
    assert (dict(found.head)[":status"], found.trailers, found.body, found.ended) == (
        "200",
        (("grpc-status", "0"),),
        b"x",
        True,
    )


def test_a_head_in_pieces():
    data = START + frame(HEADERS, END_STREAM, 1, OK[:5]) + frame(CONTINUATION, END_HEADERS, 1, OK[5:])
    assert ran(Connection(peer()).page("/"), data).header("server") == "x"


def test_other_streams_are_not_ours():
    found = ran(Connection(peer()).page("/"), START + page(2, b"pushed") + page(1, b"ours"))
    assert found.body == b"ours"


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00", frame(DATA, 0, 1)])
def test_what_is_not_http_2(data):
    line = Connection(peer())
    assert ran(line.page("/"), data) is None
    assert not line.speaks


def test_a_server_that_proves_itself_and_says_no_more():
    line = Connection(peer())
    assert ran(line.page("/"), START + frame(GOAWAY, 0, 0, bytes(7) + b"\x01no")) is None
    assert (line.speaks, line.goodbye) == (True, "1 no")


@pytest.mark.parametrize("status", ["", "2", "2000", "abc", "\u00b2\u00b2\u00b2"])
def test_a_status_that_is_none(status):
    assert page_of(Answer(((":status", status),)), "/", peer()) is None


def test_fields_are_bounded():
    found = page_of(Answer(((":status", "200"), *[("n", "v" * 9999)] * 500)), "/", peer())
    assert found is not None
    assert len(found.headers) == http.HEADERS
    assert len(found.headers[0][1]) == http.VALUE


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (START, False),
        (START + frame(HEADERS, END_HEADERS, 1, OK), False),
        (START + page(), True),
        (START + page(3), False),
        (START + frame(RST_STREAM, 0, 1, bytes(4)), True),
        (START + frame(GOAWAY, 0, 0, bytes(8)), True),
        (b"HTTP/1.1 400 Bad", True),
        (b"", False),
    ],
)
def test_when_a_reply_is_whole(data, whole):
    assert ends(1, first=True)(data) is whole


def test_either_kind_of_http():
    assert ran(either(peer(), "/x", (("accept", "y"),)), b"HTTP/1.1 404 No\r\n\r\n").protocol == "HTTP/1.1"
    assert ran(either(peer(), "/x", ()), START, True, START + page()).protocol == "HTTP/2"
    assert ran(either(peer(), "/x", ()), Reply.of(b"", "closed"), True, START + page()).protocol == "HTTP/2"
    assert ran(either(peer(), "/x", ()), START) is None
    asked = sent(either(peer(), "/x", (("accept", "y"),)))
    assert asked.startswith(b"GET /x HTTP/1.1\r\n")
    assert b"Accept: y\r\n" in asked


@given(damaged(START + page(), START + page(3), page(3)))
def test_no_reply_breaks_it(replies):
    line = Connection(peer())
    for reply in replies:
        ran(line.page("/"), reply)


@given(st.binary(max_size=60))
def test_no_header_block_breaks_it(block):
    ran(Connection(peer()).page("/"), START + page(head=block))

"""Frames of HTTP/2: written and read back, cut anywhere, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.wire import http2
from hb_engine.wire.http2 import DATA, END_STREAM, GOAWAY, HEADERS, PADDED, PRIORITY, RST_STREAM, SETTINGS, Frame, frame

START = frame(SETTINGS, 0, 0, b"\x00\x03\x00\x00\x00\x64")


def test_a_hello_is_the_preface_and_settings():
    hello = http2.hello()
    assert hello.startswith(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert http2.read(hello[24:]) == [Frame(SETTINGS, 0, 0, b"\x00\x02\x00\x00\x00\x00")]


def test_frames_are_read_as_they_were_written():
    data = START + frame(HEADERS, 4, 1, b"abc") + frame(DATA, END_STREAM, 1, b"body")
    found = http2.read(data)
    assert [(each.kind, each.stream, each.payload) for each in found[1:]] == [(HEADERS, 1, b"abc"), (DATA, 1, b"body")]
    assert [each.last for each in found] == [False, False, True]


def test_a_reset_ends_its_stream():
    assert http2.read(START + frame(RST_STREAM, 0, 1, bytes(4)))[1].last


@pytest.mark.parametrize(
    ("kind", "flags", "payload", "bare"),
    [
        (DATA, PADDED, b"\x02abXX", b"ab"),
        (DATA, PADDED, b"\x00ab", b"ab"),
        (DATA, PADDED, b"\x03XXX", b""),
        (HEADERS, PRIORITY, b"\x00\x00\x00\x00\x10ab", b"ab"),
        (HEADERS, PADDED | PRIORITY, b"\x01\x00\x00\x00\x00\x10abX", b"ab"),
        (HEADERS, PRIORITY, b"ab", b""),
    ],
)
def test_padding_and_priority_are_taken_off(kind, flags, payload, bare):
    assert http2.read(START + frame(kind, flags, 1, payload))[1].payload == bare


@pytest.mark.parametrize("payload", [b"", b"\x03ab", b"\xff"])
def test_more_padding_than_bytes(payload):
    with pytest.raises(DataError):
        http2.read(START + frame(DATA, PADDED, 1, payload))


@pytest.mark.parametrize(
    "data",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", frame(DATA, 0, 1, b"x"), frame(SETTINGS, 1, 0),
     frame(SETTINGS, 0, 1), frame(SETTINGS, 0, 0, b"12345"), START + b"\x00\x40\x01" + bytes(6), b"\xff" * 9],
)  # fmt: skip
def test_what_is_not_http_2(data):
    with pytest.raises(DataError):
        http2.read(data)
    assert not http2.is_settings(data)


def test_what_may_become_http_2_is_not_it_yet():
    for size in range(len(START)):
        assert http2.read(START[:size]) == []
        assert not http2.is_settings(START[:size])
    assert http2.is_settings(START)


def test_bytes_that_follow_need_no_settings():
    assert http2.continued(frame(DATA, 0, 3, b"x")) == [Frame(DATA, 0, 3, b"x")]
    with pytest.raises(DataError):
        http2.continued(b"\xff" * 9)


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (bytes(4) + b"\x00\x00\x00\x01bad", "1 bad"),
        (bytes(8), "0"),
        (b"abc", ""),
        (bytes(8) + b"x" * 999, "0 " + "x" * 192),
    ],
)
def test_a_goodbye(payload, shown):
    assert http2.goodbye(http2.read(START + frame(GOAWAY, 0, 0, payload))) == shown
    assert http2.goodbye([]) == ""


def test_settings_are_acknowledged():
    assert http2.agree() == b"\x00\x00\x00\x04\x01\x00\x00\x00\x00"


@given(st.binary(max_size=120))
def test_no_bytes_break_it(data):
    for start in (b"", START):
        try:
            http2.read(start + data)
        except DataError:
            continue

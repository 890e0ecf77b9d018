"""DTLS in pieces, in any order, with a cookie or without, and bytes that nobody should send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.wire import dtls

RANDOM = bytes(range(32))
HELLO = b"\xfe\xfd" + bytes(32) + b"\x02ab" + b"\xc0\x2b\x00\x00\x00"
CHAIN = b"\x00\x00\x08\x00\x00\x05hello"
VERIFY = b"\xfe\xff\x04cook"


def record(content: bytes, kind: int = 22, version: int = 0xFEFD, epoch: int = 0) -> bytes:
    head = bytes((kind,)) + version.to_bytes(2, "big") + epoch.to_bytes(2, "big") + bytes(6)
    return head + len(content).to_bytes(2, "big") + content


def message(kind: int, body: bytes, sequence: int, at: int = 0, length: int | None = None) -> bytes:
    """One fragment of a handshake message."""
    part = body[at : at + length] if length is not None else body[at:]
    head = bytes((kind,)) + len(body).to_bytes(3, "big") + sequence.to_bytes(2, "big")
    return head + at.to_bytes(3, "big") + len(part).to_bytes(3, "big") + part


def test_a_hello_has_the_lengths_that_it_promises():
    hello = dtls.client_hello(RANDOM, "hb.invalid")
    assert hello[:3] == b"\x16\xfe\xff"
    assert int.from_bytes(hello[11:13], "big") == len(hello) - 13
    assert int.from_bytes(hello[14:17], "big") == len(hello) - 25 == int.from_bytes(hello[22:25], "big")
    assert hello[25:27] == b"\xfe\xfd"
    assert hello[27:59] == RANDOM
    assert hello[59:61] == b"\0\0"  # no session, no cookie
    assert b"hb.invalid" in hello
    assert len(hello) < 600


def test_the_second_hello_is_the_same_with_the_cookie():
    first, second = dtls.client_hello(RANDOM, "hb.invalid"), dtls.client_hello(RANDOM, "hb.invalid", b"cook")
    assert second[60:65] == b"\x04cook"
    assert second[65:] == first[61:]
    assert (first[17:19], second[17:19]) == (b"\0\0", b"\0\1")  # the message's number
    assert (first[5:11], second[5:11]) == (bytes(6), bytes(5) + b"\1")  # the record's number


def test_a_request_to_say_a_cookie_back():
    heard = dtls.read([record(message(3, VERIFY, 0), version=0xFEFF)])
    assert (heard.cookie, heard.whole, heard.cipher) == (b"cook", True, "")
    assert dtls.read([record(message(3, b"\xfe\xff\x00", 0))]).cookie == b""


FLIGHT = [
    record(message(2, HELLO, 1)),
    record(message(11, CHAIN, 2)),
    record(message(12, b"key", 3)),
    record(message(14, b"", 4)),
]


@pytest.mark.parametrize("datagrams", [FLIGHT, [b"".join(FLIGHT)], FLIGHT[::-1], [*FLIGHT, FLIGHT[1]]])
def test_a_flight_in_any_order(datagrams):
    heard = dtls.read(datagrams)
    assert (heard.version, heard.cipher, heard.whole) == ("DTLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256", True)
    assert heard.certificates == (b"hello",)


def test_a_message_in_pieces_that_overlap_and_come_twice():
    pieces = [(0, 4), (6, 5), (2, 6), (0, 4), (9, None)]
    parts = [record(message(11, CHAIN, 2, at, length)) for at, length in pieces]
    assert dtls.read([FLIGHT[0], *parts[:2]]).certificates == ()
    assert dtls.read([FLIGHT[0], *parts]).certificates == (b"hello",)


def test_a_flight_with_a_gap_is_read_up_to_it():
    heard = dtls.read([FLIGHT[0], record(message(11, CHAIN, 2, 0, 4)), FLIGHT[3]])
    assert (heard.version, heard.certificates, heard.whole) == ("DTLSv1.2", (), False)


@pytest.mark.parametrize(
    ("content", "alert"),
    [(b"\x02\x28", "handshake_failure"), (b"\x02\xfe", "alert 254"), (b"\x01\x00", "close_notify")],
)
def test_alerts(content, alert):
    heard = dtls.read([record(content, kind=21)])
    assert (heard.alert, heard.whole) == (alert, True)


def test_a_warning_and_what_is_encrypted_are_passed_over():
    heard = dtls.read([record(b"\x01\x70", kind=21), record(b"\x99" * 40, kind=22, epoch=1), FLIGHT[0]])
    assert (heard.alert, heard.version) == ("", "DTLSv1.2")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x16",
        b"\x16\xfe\xfd",
        b"\x16\x03\x03\x00\x02ab" + bytes(9),
        b"GET / HTTP/1.1\r\n\r\n",
        record(b"", kind=23),
        record(message(2, HELLO, 99)),
        record(b"\x02" + b"\xff" * 11),
        record(message(2, b"\x03\x03" + HELLO[2:], 0)),
        record(message(2, HELLO[:20], 0)),
        record(message(3, b"\xfe\xff\x09ab", 0)),
    ],
)
def test_what_is_not_dtls(data):
    if not data:
        assert not dtls.read([data]).whole
        return
    with pytest.raises(DataError):
        dtls.read([data])


@given(st.lists(st.binary(max_size=80), max_size=4), st.sampled_from([b"", *FLIGHT]))
def test_no_datagrams_break_it(datagrams, first):
    try:
        dtls.read([first, *datagrams])
    except DataError:
        return


@given(st.integers(0, 200), st.integers(0, 255))
def test_no_byte_breaks_it(at, value):
    whole = bytearray(b"".join(FLIGHT))
    whole[at % len(whole)] = value
    try:
        dtls.read([bytes(whole)])
    except DataError:
        return

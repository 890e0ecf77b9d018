"""HPACK: the examples of RFC 7541, what we write ourselves, and bytes that nobody should send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError, Truncated
from hb_engine.wire.hpack import FIELDS, TABLE, Decoder, _codes, _static, encode, huffman

REQUEST = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "www.example.com")]


def test_the_requests_of_appendix_c_4_on_one_connection():
    decoder = Decoder()
    assert decoder.read(bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff")) == REQUEST
    assert decoder.read(bytes.fromhex("828684be5886a8eb10649cbf")) == [*REQUEST, ("cache-control", "no-cache")]
    assert decoder.read(bytes.fromhex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")) == [
        (":method", "GET"),
        (":scheme", "https"),
        (":path", "/index.html"),
        (":authority", "www.example.com"),
        ("custom-key", "custom-value"),
    ]


def test_the_response_of_appendix_c_5_1_without_huffmans_code():
    block = (
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54"
        "6e1768747470733a2f2f7777772e6578616d706c652e636f6d"
    )
    assert Decoder().read(bytes.fromhex(block)) == [
        (":status", "302"),
        ("cache-control", "private"),
        ("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
        ("location", "https://www.example.com"),
    ]


def test_the_tables_are_those_of_the_specification():
    static = _static()
    assert len(static) == 61
    assert (static[0], static[7], static[15], static[60]) == (
        (":authority", ""),
        (":status", "200"),
        ("accept-encoding", "gzip, deflate"),
        ("www-authenticate", ""),
    )
    assert len(_codes()) == 256
    assert _codes()[5, 0] == ord("0")
    assert _codes()[30, 0x3FFFFFFC] == 0x0A  # Appendix B
    assert sum(2.0**-size for size, _ in _codes()) == 1 - 2.0**-30  # only the end's own code is left


@given(st.lists(st.tuples(st.text("abc:-", min_size=1, max_size=10), st.text("xyz 019", max_size=300)), max_size=6))
def test_what_is_written_is_read(fields):
    assert Decoder().read(encode(fields)) == fields


@pytest.mark.parametrize("size", [0, 126, 127, 128, 254, 255, 300, 16000])
def test_long_strings(size):
    assert Decoder().read(encode([("name", "v" * size)])) == [("name", "v" * size)]


def test_entries_are_forgotten_oldest_first():
    decoder = Decoder()
    for number in range(300):
        decoder.read(b"\x40\x04n%03d\x01v" % number)
    newest = decoder.read(b"\xbe")
    assert newest == [("n299", "v")]
    oldest = 61 + TABLE // (4 + 1 + 32)
    assert decoder.read(bytes((0xFF, oldest - 0x7F))) == [("n190", "v")]
    with pytest.raises(DataError):
        decoder.read(bytes((0xFF, oldest + 1 - 0x7F)))


def test_a_table_that_shrinks_forgets():
    decoder = Decoder()
    decoder.read(b"\x40\x01n\x01v")
    assert decoder.read(b"\x20") == []  # no bytes at all
    with pytest.raises(DataError):
        decoder.read(b"\xbe")


@pytest.mark.parametrize(
    "block",
    [b"\x80", b"\xbe", b"\x3f\xff\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff\x01", b"\x3f\xe2\x1f",
     b"\x00\x01a\x7f\x81\xff\x01", b"\x00\x01a\x81\xfe", b"\x00\x01a\x84\xff\xff\xff\xff"],
)  # fmt: skip
def test_what_the_specification_calls_an_error(block):
    with pytest.raises((DataError, Truncated)):
        Decoder().read(block)


@pytest.mark.parametrize("block", [b"\x00", b"\x00\x05ab", b"\x40\x01a\x05b", b"\x7f", b"\x00\x01a\x7f\x80"])
def test_a_block_that_breaks_off(block):
    with pytest.raises(Truncated):
        Decoder().read(block)


def test_fields_are_bounded():
    assert len(Decoder().read(b"\x82" * 100_000)) == FIELDS


@pytest.mark.parametrize(
    ("raw", "shown"), [("", b""), ("f1e3c2e5f23a6ba0ab90f4ff", b"www.example.com"), ("aec3771a4b", b"private")]
)
def test_huffmans_code(raw, shown):
    assert huffman(bytes.fromhex(raw)) == shown


@given(st.binary(max_size=80))
def test_no_bytes_break_it(block):
    decoder = Decoder()
    for _ in range(2):
        try:
            decoder.read(block)
        except (DataError, Truncated):
            continue


@given(st.binary(max_size=80))
def test_no_code_breaks_it(raw):
    try:
        assert len(huffman(raw)) <= len(raw) * 8 // 5
    except DataError:
        return

"""DER elements, their lengths, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError, Truncated
from hb_engine.wire import der
from hb_engine.wire.cursor import Cursor


def rest(cursor: Cursor) -> bytes:
    return cursor.take(cursor.left)


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b"\x04\x00", b""),
        (b"\x04\x02ab", b"ab"),
        (b"\x04\x81\x02ab", b"ab"),  # BER: longer than needed, as sloppy encoders write it
        (b"\x04\x82\x00\x80" + bytes(128), bytes(128)),
        (b"\x04\x84\x00\x00\x00\x01a", b"a"),
    ],
)
def test_an_element_ends_where_its_length_says(raw, content):
    tag, found = der.element(Cursor(raw))
    assert (tag, rest(found)) == (der.OCTET_STRING, content)


@pytest.mark.parametrize("raw", [b"", b"\x04", b"\x04\x03ab", b"\x04\x82\x01", b"\x04\x84\xff\xff\xff\xffab"])
def test_a_length_that_promises_more_than_there_is(raw):
    with pytest.raises(Truncated):
        der.element(Cursor(raw))


@pytest.mark.parametrize("raw", [b"\x1f\x81\x01", b"\x30\x80\x00\x00", b"\x04\x85\x00\x00\x00\x00\x01a", b"\x04\xffa"])
def test_what_der_forbids_or_nobody_needs_is_refused(raw):
    with pytest.raises(DataError):
        der.element(Cursor(raw))


def test_another_tag_than_the_expected_one():
    assert rest(der.expect(Cursor(b"\x02\x01\x07"), der.INTEGER)) == b"\x07"
    with pytest.raises(DataError, match="0x02 where 0x30"):
        der.expect(Cursor(b"\x02\x01\x07"), der.SEQUENCE)


def test_an_optional_element_moves_nothing_where_it_is_missing():
    cursor = Cursor(b"\x02\x01\x07")
    assert der.optional(cursor, der.BOOLEAN) is None
    assert cursor.offset == 0
    found = der.optional(cursor, der.INTEGER)
    assert found is not None
    assert rest(found) == b"\x07"
    assert der.optional(cursor, der.INTEGER) is None  # nothing is left


@pytest.mark.parametrize(
    ("raw", "dots"),
    [
        (bytes.fromhex("550403"), "2.5.4.3"),
        (bytes.fromhex("2a864886f70d01010b"), "1.2.840.113549.1.1.11"),
        (bytes.fromhex("883703"), "2.999.3"),  # ITU-T X.690 8.19.4: the first two arcs share a number
        (b"\x00", "0.0"),
        (b"\x27", "0.39"),
        (b"\x28", "1.0"),
    ],
)
def test_object_identifiers(raw, dots):
    assert der.oid(Cursor(raw)) == dots


@pytest.mark.parametrize("raw", [b"", b"\x55\x84", bytes(65)])
def test_object_identifiers_that_cannot_be(raw):
    with pytest.raises(DataError):
        der.oid(Cursor(raw))


@pytest.mark.parametrize(
    ("raw", "size"),
    [(b"", 0), (b"\0", 0), (b"\x01", 1), (b"\0\xff", 8), (b"\x01\x00", 9), (b"\0" + b"\xff" * 256, 2048)],
)
def test_the_size_of_an_integer(raw, size):
    assert der.bits(Cursor(raw)) == size


@given(st.binary(max_size=64))
def test_no_bytes_break_the_reader(raw):
    for read in (der.element, der.oid, der.bits, lambda cursor: der.optional(cursor, 0x30)):
        try:
            read(Cursor(raw))
        except (Truncated, DataError):
            continue

"""The bounds-checked reader: right values inside, one documented error outside."""

from __future__ import annotations

import sys
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import Truncated
from hb_engine.wire.cursor import Cursor

READERS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i32": 4, "be16": 2, "be32": 4}


def test_each_reader_moves_on_by_its_size():
    for name, size in READERS.items():
        cursor = Cursor(bytes(range(1, 17)))
        getattr(cursor, name)()
        assert cursor.offset == size, name
        assert cursor.left == 16 - size


def test_byte_orders():
    data = b"\x01\x02\x03\x04"
    assert Cursor(data).be16() == 0x0102
    assert Cursor(data).be32() == 0x01020304
    assert Cursor(data).u32() == int.from_bytes(data, sys.byteorder)
    assert Cursor(b"\xff\xff\xff\xff").i32() == -1


@pytest.mark.parametrize("name", READERS)
def test_reading_past_the_end_is_truncated_and_moves_nothing(name):
    cursor = Cursor(bytes(READERS[name] - 1))
    with pytest.raises(Truncated):
        getattr(cursor, name)()
    assert cursor.offset == 0


def test_the_end_may_lie_before_the_end_of_the_bytes():
    cursor = Cursor(b"abcdef", 1, 3)
    assert cursor.take(2) == b"bc"
    with pytest.raises(Truncated):
        cursor.take(1)


@pytest.mark.parametrize(("offset", "end"), [(-1, 2), (3, 2), (0, 7), (7, None)])
def test_impossible_bounds(offset, end):
    with pytest.raises(Truncated):
        Cursor(b"abcdef", offset, end)


def test_a_part_cannot_see_what_follows_it():
    whole = Cursor(b"abcdef")
    part = whole.part(2)
    assert part.take(2) == b"ab"
    with pytest.raises(Truncated):
        part.u8()
    assert whole.take(4) == b"cdef"


def test_a_part_of_a_part_cannot_grow():
    part = Cursor(b"abcdef").part(2)
    with pytest.raises(Truncated):
        part.part(3)


def test_align_stops_at_the_end():
    cursor = Cursor(b"abcde")
    cursor.skip(1)
    cursor.align(4)
    assert cursor.offset == 4
    cursor.skip(1)
    cursor.align(4)
    assert cursor.offset == 5


def test_a_negative_size_is_refused():
    with pytest.raises(Truncated):
        Cursor(b"abc").take(-1)


def test_text_ends_at_nul_and_keeps_foreign_bytes():
    assert Cursor(b"eth0\0junk").text() == "eth0"
    assert Cursor(b"a\xff").text() == "a\udcff"
    assert Cursor(b"abcdef").text(3) == "abc"


def test_unpack_takes_a_compiled_struct():
    assert Cursor(b"\x01\x00\x02").unpack(Struct("=BxB")) == (1, 2)


def test_memoryviews_and_bytearrays_are_read_alike():
    for kind in (bytes, bytearray, memoryview):
        assert Cursor(kind(b"\x00\x2a")).be16() == 42


@given(st.binary(max_size=64), st.lists(st.sampled_from([*READERS, "take", "part", "text", "align", "skip"])))
def test_no_sequence_of_readers_raises_anything_else_or_leaves_the_bytes(data, names):
    cursor = Cursor(data)
    for name in names:
        before = cursor.offset
        try:
            getattr(cursor, name)(*([3] if name in {"take", "part", "align", "skip"} else []))
        except Truncated:
            assert cursor.offset == before
        assert 0 <= before <= cursor.offset <= cursor.end

"""Pictures that any decoder takes: signature, checksums, order of chunks, and each cell in its colour."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces.web.map import pngs

from hb_engine.faces.web.map.hilbert import SIDE
from hb_engine.faces.web.map.png import SIGNATURE, packed, picture

RED, GREEN, CLEAR = (255, 0, 0, 255), (0, 128, 0, 255), (0, 0, 0, 0)
ROWS = bytes([number % 3 for number in range(SIDE * SIDE)])


def test_a_picture_has_its_cells_in_their_colours():
    seen = pngs.pixels(picture(packed(ROWS), [CLEAR, RED, GREEN]))
    assert len(seen) == SIDE
    assert {len(row) for row in seen} == {SIDE}
    colours = [CLEAR, RED, GREEN]
    assert [pixel for row in seen for pixel in row] == [colours[number] for number in ROWS]


def test_the_same_cells_in_other_colours_differ_in_the_table_alone():
    data = packed(ROWS)
    one, two = [dict(pngs.chunks(picture(data, colours))) for colours in ([RED, RED, RED], [GREEN, RED, GREEN])]
    assert one[b"IDAT"] == two[b"IDAT"] == data
    assert one[b"PLTE"] != two[b"PLTE"]


def test_what_covers_everything_needs_no_chunk_that_says_so():
    kinds = [kind for kind, _ in pngs.chunks(picture(packed(ROWS), [RED, RED, GREEN]))]
    assert kinds == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]


def test_every_row_begins_with_its_filter():
    rows = zlib.decompress(packed(ROWS))
    assert len(rows) == SIDE * (SIDE + 1)
    assert {rows[start] for start in range(0, len(rows), SIDE + 1)} == {0}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=256), st.randoms(use_true_random=False))
def test_any_colours_come_back(colours, random):
    rows = bytes([random.randrange(len(colours)) for _ in range(SIDE)]) * SIDE
    seen = pngs.pixels(picture(packed(rows), colours))
    assert seen[0] == [colours[number] for number in rows[:SIDE]]
    assert seen[-1] == seen[0]


def test_the_reader_of_these_tests_sees_what_is_wrong():
    good = picture(packed(ROWS), [CLEAR, RED, GREEN])
    with pytest.raises(AssertionError):
        pngs.pixels(good[: len(SIGNATURE) + 20] + b"\xff" + good[len(SIGNATURE) + 21 :])
    with pytest.raises(AssertionError):
        pngs.pixels(b"GIF89a" + good)

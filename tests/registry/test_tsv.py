"""A file is whole or refused; a cell comes back as it went in."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.registry import tsv

ROWS = tsv.line(["00001", "tcp", "tcpmux", "", ""]) + tsv.line(["00002", "", "", "é"])
WHOLE = tsv.build("hb-test", 3, [("names", "2026-09-17"), ("lengths", "3 4")], ["number", "transport"], ROWS)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_whole_file():
    found = tsv.check(WHOLE, "hb-test", 3, "here")
    assert WHOLE[found.start : found.end] == ROWS
    assert found.rows == 2
    assert found.header["names"] == "2026-09-17"
    assert found.numbers("lengths") == [3, 4]


def test_an_empty_one():
    data = tsv.build("hb-test", 3, [], ["number"], b"")
    found = tsv.check(data, "hb-test", 3, "here")
    assert (found.start, found.rows) == (found.end, 0)


def test_the_last_line_is_text_that_people_can_check():
    assert WHOLE.splitlines()[-1].startswith(b"#end\t2\t")


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_cut_anywhere_it_is_refused(size):
    with pytest.raises(DataError) as caught:
        tsv.check(WHOLE[:size], "hb-test", 3, "here")
    assert "here" in caught.value.message


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_changed_anywhere_it_is_refused(place):
    data = bytearray(WHOLE)
    data[place] ^= 1
    with pytest.raises(DataError):
        tsv.check(bytes(data), "hb-test", 3, "here")


def test_another_format_says_which():
    with pytest.raises(DataError, match="format '3'"):
        tsv.check(WHOLE, "hb-test", 4, "here")


def test_without_a_line_of_columns():
    data = tsv.build("hb-test", 3, [], ["x"], b"").replace(b"#columns\tx\n", b"")
    data = data[:-9] + b"%08x\n" % crc32(data[:-9])
    with pytest.raises(DataError, match="columns"):
        tsv.check(data, "hb-test", 3, "here")


@pytest.mark.parametrize("name", ["names", "absent"])
def test_header_lines_that_are_no_numbers(name):
    with pytest.raises(DataError, match=name):
        tsv.check(WHOLE, "hb-test", 3, "here").numbers(name)


def test_cells_at_the_end_are_left_out_and_filled_up():
    assert tsv.line(["a", "", "b", "", ""]) == b"a\t\tb\n"
    assert tsv.cells(b"a\t\tb", 5) == ["a", "", "b", "", ""]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a\tb", "a\\tb"),
        ("a\nb\r", "a\\nb\\r"),
        ("\\n", "\\\\n"),
        ("\x1b[0m", "\\x1b[0m"),
        ("\x85", "\\x85"),
        ("é", "é"),
    ],
)
def test_escapes(text, cell):
    assert tsv.escape(text) == cell
    assert tsv.unescape(cell) == text


@pytest.mark.parametrize("cell", ["\\", "a\\", "\\q", "\\x", "\\xzz", "\\x1"])
def test_other_backslashes_stay(cell):
    assert tsv.unescape(cell) == cell


@given(st.lists(TEXT, min_size=1, max_size=8))
def test_cells_come_back(texts):
    line = tsv.line(texts)
    assert line.count(b"\n") == 1
    assert tsv.cells(line[:-1], len(texts))[: len(texts)] == texts


@given(st.text())
def test_unescape_takes_anything(text):
    tsv.unescape(text)


@given(st.binary())
def test_any_bytes_are_refused(data):
    for start in (b"", b"#hb-test\t3\n"):
        with pytest.raises(DataError):
            tsv.check(start + data, "hb-test", 3, "here")

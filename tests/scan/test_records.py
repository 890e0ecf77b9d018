"""Objects are told apart however they stand, the one that a file breaks off in is told as such, others are errors."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import DataError
from hb_engine.scan.records import decoded, document, records


def read(data):
    return list(records(data))


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}\n{"a": 2}\n',
        b'[{"a": 1},\n{"a": 2}]',
        b'[\n{"a": 1}\n,\n{"a": 2},\n]\n',
        b'{"a": 1}{"a": 2}',
        b'\xef\xbb\xbf[{"a": 1},\n{"a": 2},\n{finished: 1}\n]',
    ],
)
def test_objects_however_they_are_set_apart(data):
    assert [(found["a"], whole) for found, _, whole in read(data)] == [(1, True), (2, True)]


def test_lines_are_counted():
    assert [line for _, line, _ in read(b'[\n{"a": 1},\n\n{"a":\n2},{"a": 3}\n]')] == [2, 4, 5]


@pytest.mark.parametrize("cut", range(10, 28))
def test_a_file_that_breaks_off_tells_where(cut):
    data = b'{"a": 1}\n{"b": ["x\\"", {"c": 2}]}'
    *first, (last, line, whole) = read(data[:cut])
    assert [found for found, _, _ in first] == [{"a": 1}]
    assert (last, line, whole) == ({}, 2, False)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{"a": 1}\nnonsense', 2),
        (b'{"a": 1}\n{"a" 1}', 2),
        (b'"text"', 1),
        (b"\n\n17", 3),
        (b'{"a": NaN}', 1),
        (b"{" * 5 + b"}" * 5, 1),
    ],
)
def test_what_is_no_object_is_an_error_with_its_line(data, line):
    with pytest.raises(DataError, match=f"line {line}: "):
        read(data)


def test_nesting_and_digits_have_an_end():
    for data in (b'{"a": ' + b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}"):
        with pytest.raises(DataError):
            read(data)
        with pytest.raises(DataError):
            document(data)


def test_bytes_that_are_no_text_are_kept():
    assert decoded(b"\xef\xbb\xbf\xff") == "\udcff"


@pytest.mark.parametrize("data", [b"", b"{", b"[NaN]", b"\x00", b'{"a": Infinity}'])
def test_a_document_that_is_none_is_an_error(data):
    with pytest.raises(DataError):
        document(data)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_data_error(data):
    for parse in (read, document):
        with suppress(DataError):
            parse(data)

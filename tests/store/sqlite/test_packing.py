"""Packed openings come back, small; whatever else the bytes are is told."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces import kit

from hb_engine.model.errors import DataError
from hb_engine.store import payload
from hb_engine.store.sqlite import packing
from hb_engine.store.sqlite.packing import DICTIONARIES, pack, unpack


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    assert unpack(pack(text)) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(data):
    try:
        unpack(data)
    except DataError:
        return


@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_byte_that_was_changed_is_read_or_told(place, value):
    packed = bytearray(pack(payload.text((kit.BACKDOOR,))))
    packed[place % len(packed)] = value
    try:
        unpack(bytes(packed))
    except DataError:
        return


def test_what_is_cut_short_is_told():
    packed = pack(payload.text((kit.BACKDOOR,)))
    for end in range(len(packed)):
        with pytest.raises(DataError):
            unpack(packed[:end])
    nones: list[Any] = [None, 5, "text", b""]
    for none in nones:
        with pytest.raises(DataError, match="packed as this hb does not know"):
            unpack(none)


def test_what_unpacks_to_too_much_is_told(monkeypatch):
    packed = pack("x" * 100_000)
    monkeypatch.setattr(packing, "LARGEST", 1000)
    with pytest.raises(DataError, match="cut short"):
        unpack(packed)


def test_the_dictionary_never_changes():
    """Files hold what was packed with it. A better one is another number."""
    assert {number: zlib.crc32(words) for number, words in DICTIONARIES.items()} == {1: 0x71C70953}


def test_it_is_small():
    """An ordinary opening takes a third of what it takes without the dictionary, at most."""
    text = payload.text((kit.SSH,))
    alone = len(zlib.compress(text.encode(), 9))
    assert len(pack(text)) < alone * 0.4

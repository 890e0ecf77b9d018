"""BER elements: what is written is read, and what is not whole ends the reading without an exception."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import ber


@pytest.mark.parametrize(
    ("size", "head"),
    [(0, "0400"), (127, "047f"), (128, "048180"), (255, "0481ff"), (256, "04820100"), (65536, "0483010000")],
)
def test_lengths_in_their_shortest_form(size, head):
    assert ber.tlv(4, bytes(size))[: len(head) // 2].hex() == head


@pytest.mark.parametrize(("value", "encoded"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (256, "02020100")])
def test_integers(value, encoded):
    assert ber.integer(value).hex() == encoded
    assert ber.number(bytes.fromhex(encoded)[2:]) == value


def test_object_identifiers():
    assert ber.oid("1.3.6.1.5.5.2").hex() == "06062b0601050502"
    assert ber.oid("1.3.6.1.4.1.311.2.2.10").hex() == "060a2b06010401823702020a"


def test_the_first_of_the_first():
    data = ber.tlv(0x30, ber.integer(1), ber.tlv(0xA0, ber.tlv(4, b"deep")))
    assert ber.first(data, 0x30, 0xA0, 4) == b"deep"
    assert ber.first(data, 0x30, 0xA1, 4) is None
    assert ber.first(b"", 0x30) is None


def test_what_is_not_whole_ends_the_list():
    data = ber.integer(1) + ber.integer(2)
    assert ber.pieces(data + b"\x30\x05ab") == [(2, b"\1"), (2, b"\2")]
    assert ber.pieces(data + b"\x30\x80") == [(2, b"\1"), (2, b"\2")]
    assert ber.pieces(b"\x1f\x81\x01\x00") == []


def test_a_list_has_an_end():
    assert len(ber.pieces(b"\5\0" * 10_000)) == ber.MANY


def test_numbers_of_strangers_are_bounded():
    assert ber.number(None) is None
    assert ber.number(b"") is None
    assert ber.number(bytes(9)) is None
    assert ber.number(b"\xff") == -1


def test_complete():
    whole = ber.tlv(0x30, bytes(300))
    assert ber.complete(whole)
    assert not ber.complete(whole[:-1])
    assert not ber.complete(b"")
    assert ber.complete(b"\x30\x80")  # an indefinite length will never be one of ours


@given(st.lists(st.tuples(st.sampled_from((2, 4, 48, 0xA0, 0x65)), st.binary(max_size=300)), max_size=5))
def test_what_is_written_is_read(rows):
    assert ber.pieces(b"".join([ber.tlv(tag, content) for tag, content in rows])) == rows


@given(st.binary(max_size=200))
def test_no_bytes_can_break_it(data):
    assert sum(len(content) for _, content in ber.pieces(data)) <= len(data)
    assert ber.complete(data) in (True, False)
    ber.first(data, 0x30, 0xA0)

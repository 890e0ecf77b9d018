"""Protocol Buffers: what was written is read back, and whatever else is read ends where it stops making sense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire.protobuf import MOST, fields, number, octets, varint

ONE = st.one_of(
    st.tuples(st.integers(1, 2000), st.integers(0, 2**63)), st.tuples(st.integers(1, 2000), st.binary(max_size=300))
)


@pytest.mark.parametrize(("value", "made"), [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02")])
def test_varints_as_the_specification_shows_them(value, made):
    assert varint(value).hex() == made


@given(st.lists(ONE, max_size=20))
def test_what_was_written_is_read_back(wanted):
    made = b"".join(number(field, value) if isinstance(value, int) else octets(field, value) for field, value in wanted)
    assert list(fields(made)) == wanted


def test_fixed_widths_are_bytes():
    assert list(fields(b"\x09" + b"12345678" + b"\x15" + b"1234")) == [(1, b"12345678"), (2, b"1234")]


@pytest.mark.parametrize(
    "broken", ["08", "0a05aa", "0b", "00", "ffffffffffffffffffffff01", "08ffffffffffffffffffff01", "0f"]
)
def test_what_does_not_parse_yields_what_came_before(broken):
    assert list(fields(number(3, 4) + bytes.fromhex(broken))) == [(3, 4)]


def test_there_is_an_end_to_it():
    assert len(list(fields(number(1, 0) * (MOST + 10)))) == MOST


@given(st.binary(max_size=200))
def test_noise_is_read_within_its_bounds(noise):
    assert sum(len(value) for _, value in fields(noise) if isinstance(value, bytes)) <= len(noise)

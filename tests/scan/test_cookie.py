"""Numbers that only we know: each cell's own, and no other number proves that somebody saw it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.scan.cookie import MASK, NEEDED, Cookies

HOSTS = 5
COOKIES = Cookies(HOSTS, random.Random(3).randbytes(NEEDED + 4 * HOSTS))  # noqa: S311 -- the same every time
CELL = st.integers(0, HOSTS - 1).flatmap(lambda host: st.integers(0, 65535).map(lambda port: host << 16 | port))


@given(CELL)
def test_the_next_number_acknowledges(cell):
    assert COOKIES.acknowledged(cell, COOKIES.number(cell) + 1 & MASK)


@given(CELL, st.integers(0, MASK))
def test_no_other_does(cell, acknowledgement):
    right = COOKIES.number(cell) + 1 & MASK
    assert COOKIES.acknowledged(cell, acknowledgement) == (acknowledgement == right)


def test_after_the_last_number_comes_nought():
    words = bytes.fromhex("ffffffff") + bytes(NEEDED)
    assert Cookies(1, words).acknowledged(0, 0)


def test_cells_have_numbers_of_their_own():
    """By chance a few in a hundred thousand are equal (a birthday in 2**32); a table that repeats would have many."""
    cells = [host << 16 | port for host in (0, 4) for port in range(50_000)]
    assert len({COOKIES.number(cell) for cell in cells}) > 99_980


def test_too_little_randomness_is_an_error():
    with pytest.raises(Exception, match="buffer"):
        Cookies(2, bytes(NEEDED + 4))

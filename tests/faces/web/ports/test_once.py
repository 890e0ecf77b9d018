"""Pieces that are rendered once: the same values are the same piece, others are not."""

from __future__ import annotations

import pytest

from hb_engine.faces.web.ports.once import Once


class Maker:
    """A macro that counts how often it was called."""

    def __init__(self) -> None:
        self.made: list[tuple[object, ...]] = []

    def __call__(self, *values) -> str:
        self.made.append(values)
        return f"piece of {values}"


@pytest.fixture
def maker():
    return Maker()


def test_the_same_values_are_rendered_once(maker):
    once = Once()
    assert (
        once("en", "rows", maker, (1, 2), "h3") == once("en", "rows", maker, (1, 2), "h3") == "piece of ((1, 2), 'h3')"
    )
    assert maker.made == [((1, 2), "h3")]


@pytest.mark.parametrize(
    ("code", "name", "values"),
    [("de", "rows", (1,)), ("en", "claims", (1,)), ("en", "rows", (2,)), ("en", "rows", (1, 1))],
)
def test_another_language_name_or_value_is_another_piece(maker, code, name, values):
    once = Once()
    once("en", "rows", maker, 1)
    once(code, name, maker, *values)
    assert len(maker.made) == 2


def test_the_longest_unused_goes_first(maker):
    once = Once(most=2)
    for value in (1, 2, 1, 3, 1, 2):
        once("en", "rows", maker, value)
    assert maker.made == [(1,), (2,), (3,), (2,)]


def test_what_could_not_be_made_is_not_kept(maker):
    once = Once()

    def broken(_):
        raise ValueError("no piece")

    with pytest.raises(ValueError, match="no piece"):
        once("en", "rows", broken, 1)
    assert once("en", "rows", maker, 1) == "piece of (1,)"


class Large(tuple[int, ...]):
    """A value that counts how often its hash was asked for."""

    __slots__ = ()
    asked = 0

    def __hash__(self) -> int:
        Large.asked += 1
        return super().__hash__()


def test_the_very_same_values_are_not_looked_through_again(maker):
    once, value = Once(), Large((1, 2))
    Large.asked = 0
    for _ in range(5):
        once("en", "rows", maker, value, "h3")
    assert Large.asked == 1
    assert len(maker.made) == 1


def test_equal_values_that_are_others_are_the_same_piece_all_the_same(maker):
    once = Once()
    for _ in range(3):
        once("en", "rows", maker, (1, *range(2, 5)))
    assert len(maker.made) == 1


def test_a_value_that_has_gone_leaves_its_identity_to_nobody(maker):
    """Most of these are made at the place of one that was thrown away."""
    once = Once(most=10_000)
    told = [once("en", "rows", maker, (number, number)) for number in range(1000)]
    assert told == [f"piece of (({number}, {number}),)" for number in range(1000)]

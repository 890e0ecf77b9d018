"""Pieces that are rendered once: the same values are the same piece, others are not."""

from __future__ import annotations

import pytest

from hb_engine.faces.web.ports.once import Once


class Maker:
    """A macro that counts how often it was called."""

    def __init__(self) -> None:
        self.made = []

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

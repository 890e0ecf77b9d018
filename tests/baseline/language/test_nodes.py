"""Places in a text: lines and columns as people count them, and characters of values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.language.nodes import Mistake, Node, Source, shown
from hb_engine.model.baseline import Where
from hb_engine.model.errors import BadInput


@pytest.mark.parametrize(
    ("at", "line", "column"), [(0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (4, 3, 1), (5, 3, 2), (6, 3, 3)]
)
def test_lines_and_columns_begin_at_1(at, line, column):
    assert Source("a.toml", "ab\n\ncd").where(at) == Where("a.toml", line, column)


def test_a_text_without_lines():
    assert Source("a", "").where(0) == Where("a", 1, 1)


@given(st.text("a\n\u00e4", max_size=30), st.data())
def test_a_place_leads_back_to_its_offset(text, data):
    at = data.draw(st.integers(0, len(text)))
    where = Source("a", text).where(at)
    before = text.split("\n")[: where.line - 1]
    assert sum([len(line) + 1 for line in before]) + where.column - 1 == at


def test_characters_of_a_value():
    node = Node("text", "tcp/443", 10)
    assert Source("a", "").character(node, 4) == 10
    assert (
        Source("a", "x", lambda text, at, offset, value: at + offset + len(value) + len(text)).character(node, 4) == 22
    )


def test_a_mistake_is_bad_input_with_a_place():
    mistake = Mistake("what", 7, "do this")
    assert isinstance(mistake, BadInput)
    assert (mistake.message, mistake.remedy, mistake.at, mistake.code) == ("what", "do this", 7, "syntax")


def test_pieces_of_text_in_messages():
    assert shown("a") == "'a'"
    assert shown("\x1b[31m") == "'\\x1b[31m'"
    assert len(shown("x" * 1000)) == 62
    assert shown("x" * 1000, 10) == "'xxxxxxx...'"

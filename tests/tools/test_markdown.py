"""Markdown that stays in its place."""

from __future__ import annotations

import importlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

markdown: Any = importlib.import_module("tools.docs.markdown")


def test_a_table():
    assert markdown.table(["a", "b"], [("1", "x|y")]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |"


@given(st.text())
def test_no_text_leaves_its_cell(text):
    row = markdown.table(["a"], [(text,)]).split("\n")[2:]
    assert len(row) == 1
    assert row[0].replace("\\|", "").count("|") == 2


def test_empty_parts_leave_no_hole():
    assert markdown.join(["a", "", "b"]) == "a\n\nb\n"


def test_code_of_nothing_is_nothing():
    assert (markdown.code("x"), markdown.code("")) == ("`x`", "")


def test_lists_and_blocks():
    assert markdown.bullets(["a", "b"]) == "- a\n- b"
    assert markdown.block(["hb ls"]) == "```sh\nhb ls\n```"
    assert markdown.head("T", "there", "What.").startswith("# T\n\nWhat.\n\nMade by `make docs` from there")

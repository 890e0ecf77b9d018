"""The baseline's page: its example is a baseline, every field is in it, and grammars stand as their files have them."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from hb_engine.baseline.language import listen
from hb_engine.baseline.language.schema import TABLES

page: Any = importlib.import_module("tools.docs.baseline_page")


def test_every_table_and_field_is_in_it():
    text = page.page()
    for table in TABLES:
        assert f"### {'[[' if table.many else '['}{table.name}" in text
        for field in table.fields:
            assert field.help in text
            assert f"`{field.name} = {field.example}`" in text


def test_grammars_are_those_of_the_files():
    text = page.page()
    grammar = (listen.__doc__ or "").split("\n\n")[1]
    assert "\n".join([line[4:] for line in grammar.split("\n")]) in text
    assert "It refuses" not in text.partition("## Sentences")[2]


def test_an_example_that_is_no_baseline_is_refused(monkeypatch):
    monkeypatch.setattr(page, "EXAMPLE", page.EXAMPLE.replace("tcp/443", "443/tcp"))
    with pytest.raises(ValueError, match="the example is no baseline"):
        page.page()


def test_every_kind_of_field_has_words():
    assert all(page._takes(field) for table in TABLES for field in table.fields)

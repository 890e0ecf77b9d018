"""The examples of decisions for the page of JSON: every kind is there, and no field is empty."""

from __future__ import annotations

import json
from typing import Any

from tools.docs import deciding_examples, json_page, meanings


def empty(value: Any, path: str = "") -> list[str]:
    """The paths of fields in which nothing is."""
    if isinstance(value, dict):
        return [each for name, item in value.items() for each in empty(item, f"{path}.{name}")] or (
            [] if value else [path]
        )
    if isinstance(value, list):
        return [each for item in value for each in empty(item, f"{path}[]")] or ([] if value else [path])
    return [path] if value in (None, "") else []


def test_every_kind_has_an_example_with_every_field_filled():
    made = deciding_examples.documents(json_page.filled)
    assert set(made) == set(meanings.DECIDING)
    for kind, (commands, text) in made.items():
        document = json.loads(text)
        assert document["kind"] == kind
        assert commands[0].startswith(f"hb {kind}")
        assert [path for path in empty(document) if ".opening." not in path and ".speaks." not in path] == []

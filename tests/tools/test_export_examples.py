"""The examples of what comes out, for the page of JSON: every kind is there, and no field of theirs is empty."""

from __future__ import annotations

import json

from tests.tools.test_deciding_examples import empty
from tools.docs import export_examples, json_page, meanings


def test_every_kind_has_an_example_with_every_field_filled():
    made = export_examples.documents(json_page.filled)
    assert set(made) == set(meanings.EXPORTS)
    for kind, (commands, text) in made.items():
        document = json.loads(text)
        assert document["kind"] == kind
        assert commands[0].endswith(" --json")
        assert empty(document) == []


def test_every_field_of_theirs_is_on_the_page():
    page = json_page.page()
    for kind in meanings.EXPORTS:
        assert f"## kind: {kind}\n" in page
    assert "## register line\n" in page

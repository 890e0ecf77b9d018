"""The examples of the flow for the page of JSON: every kind is there, and no field of theirs is empty."""

from __future__ import annotations

import json

import pytest
from tests.tools.test_deciding_examples import empty
from tools.docs import flow_examples, json_page, meanings


def test_every_kind_has_an_example_with_every_field_filled():
    made = flow_examples.documents(json_page.filled)
    assert set(made) == set(meanings.FLOW)
    for kind, (commands, text) in made.items():
        document = json.loads(text)
        assert document["kind"] == kind
        assert commands[0].endswith(" --json")
        assert empty(document) == []


@pytest.mark.slow
def test_every_field_has_its_sentence():
    page = json_page.page()
    for kind in meanings.FLOW:
        assert f"## kind: {kind}\n" in page

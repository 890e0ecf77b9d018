"""The sentences of the API: each field has one, none is left over, and none contradicts docs/reference/json.md."""

from __future__ import annotations

import json
import re

import pytest
from tools.docs import json_page

from hb_engine.faces.web.api.openapi import described, key_of
from hb_engine.faces.web.api.sentences import LISTS, SENTENCES

SCHEMAS = described("hb_1703")["components"]["schemas"]
# The page's names of objects that are called otherwise there.
CALLED = {
    "Verdict": "report verdict",
    "Judgement": "verdict",
    "OpenNow": "open now",
    "RegisterLine": "register line",
    "RegisterMachine": "register machine",
}
DIFFERENT = {"Port.port", "Port.pressure", "Port.range"}  # the API's page of a port is always of one port


def used(table):
    return {key_of(name, field, table) for name, schema in SCHEMAS.items() for field in schema["properties"]} - {""}


def test_none_is_left_over():
    assert set(SENTENCES) == used(SENTENCES)
    assert set(LISTS) == used(LISTS)


@pytest.mark.parametrize("key", sorted(LISTS))
def test_lists_hold_words(key):
    assert len(LISTS[key]) > 1
    assert all(word and word == word.strip() for word in LISTS[key])


def test_sentences_begin_small_and_have_no_full_stop():
    for key, text in SENTENCES.items():
        assert text.endswith(" ...") or not text.endswith("."), key
        assert text == text.strip(), key


@pytest.mark.slow
def test_they_say_what_the_page_of_documents_says():
    fields = json_page.Fields()
    for kind, (_, text) in json_page.written().items():
        fields.take(kind, json.loads(text), None)
    checked = 0
    for key, text in SENTENCES.items():
        shape, _, field = key.partition(".")
        name = CALLED.get(shape, shape.lower())
        if (
            key in DIFFERENT
            or key in LISTS
            or field not in fields.objects.get(name, {})
            or shape in ("Machine", "Map", "Problem")
        ):
            continue
        told = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", fields.meaning(name, field)).replace("`", "")
        assert text == told, key
        checked += 1
    assert checked > 120

"""JSON without the json package says what the json package would say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.wire import json_text as js

WHOLE = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WHOLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WHOLE, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_are_read_back_as_they_were(item):
    told = js.document(lambda q: js.value(item, q))
    assert told.isascii()
    assert told.endswith("\n")
    assert json.loads(told) == item


@given(VALUES)
def test_the_text_is_the_json_package_s(item):
    assert js.value(item, js.quote) == json.dumps(item)


@given(st.binary(), st.text())
def test_any_bytes_and_any_text_make_a_document_that_strict_parsers_take(raw, text):
    names = [raw.decode("utf-8", "surrogateescape"), text]
    told = js.document(lambda q: js.value(names, q))
    assert told.isascii()
    for name in json.loads(told):
        name.encode("utf-8")  # raises for half a surrogate pair


def test_bytes_that_were_no_utf_8_are_written_out():
    assert js.quote_whole("a\udcff\udc80\n") == '"a\\\\xff\\\\x80\\n"'
    assert js.quote_whole("\ud800x") == '"\\\\ud800x"'
    assert json.loads(js.document(lambda q: js.value(["\udcff", "🔥"], q))) == ["\\xff", "🔥"]


def test_an_ordinary_document_is_written_once():
    calls = []

    def write(quoting):
        calls.append(quoting)
        return js.value("nginx", quoting)

    js.document(write)
    assert calls == [js.quote]


@pytest.mark.parametrize("item", [1.5, float("nan"), b"bytes", {1, 2}, object()])
def test_what_no_document_has_a_use_for_is_refused(item):
    with pytest.raises(TypeError, match="has no place in a document"):
        js.value([item], js.quote)


def test_tuples_are_arrays():
    assert js.value((), js.quote) == "[]"
    assert js.array(["1", "2"]) == "[1, 2]"
    assert js.members([("a", "1")], js.quote) == '{"a": 1}'

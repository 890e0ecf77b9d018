"""JSON files into trees: as Python's own reader has them, with places; and what is said of broken ones."""

from __future__ import annotations

import json as python
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.trees import places, plain, told

from hb_engine.baseline.language.nodes import DEEPEST
from hb_engine.baseline.language.readers import json


def test_values_and_places():
    text = '{\n "allow": [\n  {"listen": "tcp/443", "n": -1.5e2, "yes": true, "none": null}\n ]\n}'
    root = json.read(text).root
    assert plain(root) == python.loads(text)
    found = {key: (at_key, at_value) for key, at_key, at_value in places(root, text)}
    assert found["allow"][1].startswith("[")
    assert found["listen"][0].startswith('"listen"')
    assert found["listen"][1].startswith('"tcp/443"')
    assert found["n"][1].startswith("-1.5e2")


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("[]", 0, "a baseline is an object | Begin with {, and end with }."),
        ("{} x", 3, "something stands after the end | Leave it out, or put it into the brackets before."),
        ('{"a": 1,}', 7, "a comma stands before } | Leave it out: JSON has none after the last one."),
        ('{"a": [1,]}', 8, "a comma stands before ] | Leave it out: JSON has none after the last one."),
        ('{"a": 1 "b": 2}', 7, "a comma is missing here | Write one, or close the {."),
        ('{"a" 1}', 5, "a colon is missing after 'a' | Write \"a\": and its value."),
        ('{"a": tcp}', 6, "'tcp' is no value | Text stands in quotes: \"tcp\"."),
        ('{"a": True}', 6, "'True' is no value | Write true."),
        ('{"a": None}', 6, "'None' is no value | Write null."),
        ('{"a": NaN}', 6, "'NaN' is no value | Text stands in quotes: \"NaN\"."),
        ("{\"a\": 'x'}", 6, '"\'" quotes nothing in JSON | Write ".'),
        ('{"a": 07}', 6, "'07' is no value | Text stands in quotes: \"07\"."),
        ('{"a": }', 6, 'a value is missing here | Write one, such as "tcp/443".'),
        ('{"a":', 4, 'the file ends where a value is expected | Write one, such as "tcp/443".'),
        ('{"a": "x', 6, 'this text is never closed | Close it with " on the same line.'),
        ('{"a": "x\ny"}', 6, 'this text is never closed | Close it with " on the same line.'),
        ('{"a": "x\ty"}', 8, "'\\t' may not stand in a text as it is | Write \\u0009."),
        (
            '{"a": "\\x"}',
            7,
            "'\\\\x' stands for nothing in a text | Write \\\\ for a backslash; \\u is followed by four digits.",
        ),
        (
            '{"a": "\\ud800"}',
            7,
            "'\\\\u' stands for nothing in a text | Write \\\\ for a backslash; \\u is followed by four digits.",
        ),
        ("{", 0, "this { is never closed | Close it with }."),
        ('{"a": [1', 6, "this [ is never closed | Close it with ]."),
        ("{a: 1}", 1, "a key stands in double quotes, not 'a' | Write \"a\"."),
        ('{"a": 1 /* x */}', 8, "JSON has no comments | Leave it out, or write the file as TOML, which has them."),
        ('{"a": 1, "a": 2}', 9, "'a' is here twice, first in line 1 | Leave one out."),
        ('{"a": ' + "1" * 41 + "}", 6, "this number is longer than any that a baseline needs | Shorten it."),
    ],
)
def test_what_is_no_json(text, at, message):
    assert told(json.read(text)) == [(at, message)]


def test_equal_keys_are_all_told_and_the_first_stays():
    tree = json.read('{"a": 1,\n"a": 2,\n"a": 3}')
    assert [at for at, _ in told(tree)] == [9, 17]
    assert plain(tree.root) == {"a": 1}


def test_nesting_is_bounded():
    assert "nested more than" in told(json.read('{"a":' + "[" * 100_000))[0][1]
    assert json.read('{"a":' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "}").root is not None


def test_nothing_is_an_empty_table():
    assert plain(json.read(" \n").root) == {}


@pytest.mark.parametrize("written", ['"plain"', '"\\u0061b\\n\\"c"', '"\\ud83d\\ude00x"', '"\\\\u0041"', '""'])
def test_places_inside_of_texts(written):
    value = python.loads(written)
    at = 0
    for number in range(len(value) + 1):
        place = json.inside(written, 0, number, value)
        assert place > at
        at = place
    assert written[at] == '"'
    assert json.inside("7", 0, 3, "") == 0


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(max_size=8)
    | st.floats(-1e6, 1e6).filter(math.isfinite),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), values, max_size=4), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_what_python_writes_is_read_as_it_was(value, ascii_only, indent):
    text = python.dumps(value, ensure_ascii=ascii_only, indent=indent)
    tree = json.read(text)
    assert not tree.mistakes
    assert plain(tree.root) == value
    for key, at_key, _ in places(tree.root, text):
        assert python.JSONDecoder().raw_decode(at_key)[0] == key


@given(st.text('{}[]",:\\ u019a\n-.et', max_size=40) | st.text(max_size=20))
def test_no_text_raises_and_nothing_is_read_that_is_none(text):
    tree = json.read(text)
    assert all(0 <= one.at <= len(text) and one.message and one.remedy for one in tree.mistakes)
    if not tree.mistakes and text.strip():
        assert plain(tree.root) == python.loads(text)

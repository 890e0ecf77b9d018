"""YAML files into trees, where PyYAML is there: texts as they were written, places, and what is said of broken ones."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.trees import places, plain, told
from tests.baseline.trees import root as root_of

from hb_engine.baseline.language.nodes import DEEPEST
from hb_engine.baseline.language.readers import yaml

try:
    HAVE = bool(__import__("yaml"))
except ImportError:
    HAVE = False
needs = pytest.mark.skipif(not HAVE, reason="PyYAML is not installed")

TEXT = """\
# rules
schema: hb/1
allow:
  - listen: "tcp/443 on public"
    by: 'unit:it''s'
    id: 22:22
    why: no
    owner: 0777
    until: 2027-06-30
    from: [any, net:10.0.0.0/8]
    review:
"""


def test_without_pyyaml_a_person_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    ((at, message),) = told(yaml.read("a: 1"))
    assert at == 0
    assert message.startswith("YAML is read by PyYAML, which is not there | ")
    assert "pip install hb-engine[yaml]" in message


@needs
def test_texts_stay_as_they_were_written():
    root = root_of(yaml.read(TEXT))
    assert plain(root)["allow"] == [
        {
            "listen": "tcp/443 on public",
            "by": "unit:it's",
            "id": "22:22",
            "why": "no",
            "owner": "0777",
            "until": "2027-06-30",
            "from": ["any", "net:10.0.0.0/8"],
            "review": None,
        }
    ]
    found = {key: (at_key, at_value) for key, at_key, at_value in places(root, TEXT)}
    assert found["listen"][0].startswith("listen: ")
    assert found["listen"][1].startswith('"tcp/443')
    assert found["by"][1].startswith("'unit")
    assert found["from"][1].startswith("[any")
    assert TEXT[root.value["allow"].value[0].at :].startswith("listen")


@needs
def test_places_behind_line_ends_that_only_yaml_has():
    text = "a: \u00e9\U0001f600\n# \u0085c: 2\nb: d\rq: {z: 1}\n"
    for key, at_key, at_value in places(root_of(yaml.read(text)), text):
        assert at_key.startswith(f"{key}:")
        assert at_value[0] in "\u00e92d{1"


@needs
@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~"])
def test_nothing_is_an_empty_table(text):
    assert plain(yaml.read(text).root) == {}


@needs
@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a: 1\na: 2\n", 5, "'a' is here twice, first in line 1 | Leave one out."),
        ("- a\n", 0, "a baseline is keys with values | Begin with allow: and a list."),
        (
            "a: !!python/object:os.system x\n",
            3,
            "the tag '!!python/object:os.system' says nothing here | Leave it out.",
        ),
        ("a: 1\n---\nb: 2\n", 5, "a second document begins here | Write it into a file of its own."),
        ("a: &x [1]\nb: {<<: *x}\n", 14, "merge keys are not read here | Write the keys out."),
        ("a: *x\n", 3, "nothing before is called &x | Anchors stand before aliases."),
        ("a: &x [*x]\n", 7, "nothing before is called &x | Anchors stand before aliases."),
        ("a:\n\tb: 1\n", 3, "a tab stands where spaces indent | YAML is indented with spaces only."),
        ("a: b: c\n", 4, "a second colon stands in this line | Put the value in quotes."),
        ("a: @x\n", 3, "'@' may not begin a value | Put the value in quotes."),
        ("? [1]\n: 2\n", 2, "a key is a word | Write such as listen: tcp/443."),
        ("a: \x07\n", 3, "a character here may not stand in YAML | Leave it out."),
    ],
)
def test_what_is_no_yaml_for_us(text, at, message):
    assert told(yaml.read(text)) == [(at, message)]


@needs
def test_aliases_are_read_and_bounded():
    assert plain(yaml.read("a: &x [1, 2]\nb: *x\n").root) == {"a": ["1", "2"], "b": ["1", "2"]}
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join([f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)])
    ((_, message),) = told(yaml.read(bomb))
    assert message.startswith("aliases make more than 200000 values of this file | ")


@needs
def test_nesting_is_bounded():
    assert "nested more than" in told(yaml.read("a: " + "[" * 50_000))[0][1]
    assert yaml.read("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)).root is not None


@pytest.mark.parametrize(
    ("text", "value", "offset", "there"),
    [
        ("unit:a x", "unit:a x", 7, "x"),
        ("'unit:a x'", "unit:a x", 7, "x"),
        ('"unit:a x"', "unit:a x", 7, "x"),
        ("|\n  unit:a\n  and x\n", "unit:a\nand x\n", 11, "x"),
    ],
)
def test_places_inside_of_texts(text, value, offset, there):
    assert text[yaml.inside(text, 0, offset, value)] == there


@pytest.mark.parametrize(
    ("text", "value", "offset"),
    [
        ('"a\\tx"', "a\tx", 2),
        ("'it''s x'", "it's x", 5),
        (">\n  a\n  x\n", "a x\n", 2),
        ("|", "x", 0),
        ("a\n x", "a x", 2),
    ],
)
def test_where_a_place_cannot_be_known_it_is_the_values(text, value, offset):
    assert yaml.inside(text, 0, offset, value) == 0


@needs
@given(st.text("ab:-[]{}&*!|>'\"#,?% \n\t", max_size=40) | st.text(max_size=20))
def test_no_text_raises(text):
    tree = yaml.read(text)
    assert tree.root is not None or tree.mistakes
    assert all(0 <= one.at <= len(text) and one.message and one.remedy for one in tree.mistakes)

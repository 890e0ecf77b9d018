"""Places of a TOML file: every key and value that tomllib finds stands where we say, in files of every shape."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.language.nodes import DEEPEST, Mistake
from hb_engine.baseline.language.toml_places import characters, inside, places


def at(text, *path):
    """(text from the key, text from the value) of what a path of keys and numbers leads to."""
    spot: Any = (0, 0, places(text)[0])
    for step in path:
        spot = spot[2][step]
    return text[spot[0] :], text[spot[1] :]


def test_keys_and_values_of_every_kind():
    text = """\
# first
schema = "hb/1"  # a remark
"odd key".'literal' = 'x'
[defaults]
  review   =   "180d"
[[allow]]
listen = "a"
[[allow]]
listen = 'b # no comment'
from = [
  "x",  # ]
  'y',
]
why = \"\"\"
[[allow]]
listen = "no"
\"\"\"
inner = { a = 1, "b" = [2, 3] }
until = 2027-06-30 18:00:00Z
a . b = 1
"""
    assert at(text, "schema")[0].startswith("schema")
    assert at(text, "schema")[1].startswith('"hb/1"')
    assert at(text, "odd key", "literal")[0].startswith("'literal' = 'x'")
    assert at(text, "defaults", "review")[1].startswith('"180d"')
    assert at(text, "allow", 0)[1].startswith('[[allow]]\nlisten = "a"')
    assert at(text, "allow", 1, "listen")[1].startswith("'b # no comment'")
    assert at(text, "allow", 1, "from", 1)[1].startswith("'y'")
    assert at(text, "allow", 1, "why")[1].startswith('"""\n[[allow]]')
    assert at(text, "allow", 1, "inner", "b", 1)[1].startswith("3]")
    assert at(text, "allow", 1, "until")[1].startswith("2027-06-30 18")
    assert at(text, "allow", 1, "a", "b")[0].startswith("b = 1")
    assert len(places(text)[0]["allow"][2] or ()) == 2


def test_keys_that_are_there_twice():
    assert places("a = 1\nb = 2\na = 3\n")[1] == (("a", 12, 0),)
    assert places("[x]\na = 1\n[y]\na = 2\n")[1] == ()


@pytest.mark.parametrize(
    "text",
    [
        "[[[[",
        "a = ",
        'a = "',
        "a = '''",
        "[a",
        "[[a]",
        "= 1",
        "a = {b = ",
        "a = [1, 2",
        "a.b.",
        '"a = 1',
        "\\",
        "a = [}]",
        "]\n}\n",
        "a = {]}",
    ],
)
def test_broken_text_raises_nothing(text):
    assert isinstance(places(text)[0], dict)
    assert isinstance(places(f"x = 1\n{text}\ny = 2\n")[0], dict)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, ".".join("a" * 5000) + " = 1", "a = " + "{a = " * 5000])
def test_nesting_that_nobody_writes_is_refused_before_it_costs_anything(text):
    with pytest.raises(Mistake, match=f"more than {DEEPEST}"):
        places(text)


def test_what_comes_after_a_broken_line_is_found():
    text = "[[allow]]\nlisten: tcp/443\nby = 'x'\n[[allow]]\nid = 'y'\n"
    assert at(text, "allow", 0, "by")[1].startswith("'x'")
    assert at(text, "allow", 1, "id")[1].startswith("'y'")


# -- places inside of strings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"plain"', "plain"),
        ("'lit\\eral'", "lit\\eral"),
        ('"a\\tb\\u00e4\\U0001F600z\\\\"', "a\tb\u00e4\U0001f600z\\"),
        ('"""\nfirst\nsecond"""', "first\nsecond"),
        ('"""a\\\n   b"""', "ab"),
        ('"""a \\  \n\n  b"""', "a b"),
        ("'''\nx'y''z'''", "x'y''z"),
        ('"""a"""""', 'a""'),
        ("'''a''''", "a'"),
        ('""', ""),
        ('""""""', ""),
    ],
)
def test_characters_of_strings(text, value):
    assert tomllib.loads(f"a = {text}")["a"] == value
    found = list(characters(text, 0))
    assert "".join([letter for letter, _ in found]) == value
    for number, letter in enumerate(value):
        place = inside(text, 0, number)
        assert text[place] in (letter, "\\")
    assert text[inside(text, 0, len(value)) :].strip("\"'") == ""


def test_what_is_no_string_stays_at_its_beginning():
    assert inside("a = 7", 4, 3) == 4
    assert inside('"open', 0, 99) == 5


# -- whatever tomllib reads, we place

bare = st.text("abc-_1", min_size=1, max_size=3)
quoted_text = st.text("ab \\\"'#[]={}\n\t\u00e4\U0001f600", max_size=8)


def basic(value):
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join([escapes.get(letter, letter) for letter in value]) + '"'


def many(value):
    return '"""\n' + value.replace("\\", "\\\\").replace('"', '\\"') + '"""'


def literal(value):
    return "'" + "".join([letter for letter in value if letter not in "'\n"]) + "'"


strings = st.builds(lambda write, value: write(value), st.sampled_from([basic, many, literal]), quoted_text)
scalars = strings | st.sampled_from(
    ["1", "-2.5", "true", "2027-06-30", "2027-06-30T01:02:03Z", "0x1f", "inf", "07:30:00"]
)
keys = bare | quoted_text.map(basic) | quoted_text.map(literal)
blank = st.sampled_from(["", " ", "\t", "  "])
gaps = st.sampled_from(["", "\n", " # note ]\n", "\n\n  "])
flat_values = scalars | st.lists(scalars, max_size=3).flatmap(
    lambda each: st.builds(
        lambda gap, end: "[" + gap + f",{gap}".join(each) + (f",{gap}" if end and each else gap) + "]",
        gaps,
        st.booleans(),
    )
)
values = flat_values | st.lists(st.tuples(keys, flat_values.filter(lambda text: "\n" not in text)), max_size=3).map(
    lambda pairs: "{" + ", ".join([f"{key} = {value}" for key, value in pairs]) + "}"
)
dotted = st.lists(keys, min_size=1, max_size=3).flatmap(lambda parts: blank.map(lambda b: f"{b}.{b}".join(parts)))
pairs = st.builds(
    lambda b, key, c, value, end: f"{b}{key}{c}={b}{value}{c}{end}\n",
    blank,
    dotted,
    blank,
    values,
    st.sampled_from(["", "# x = 1"]),
)
headers = st.builds(
    lambda many_, key, b: f"{b}[[{key}]]\n" if many_ else f"{b}[{b}{key}{b}]\n", st.booleans(), dotted, blank
)
lines = st.lists(pairs | headers | st.sampled_from(["\n", "# note [x]\n", "  \n"]), max_size=8).map("".join)


def check(text, value, spot):
    """Hold a value that tomllib found against its place: what stands there reads as the value again."""
    _, begin, inner = spot
    if isinstance(value, dict):
        assert set(value) <= set(inner), text
        for key, each in value.items():
            check_key(text, key, inner[key], each)
            check(text, each, inner[key])
    elif isinstance(value, list):
        assert len(value) == len(inner), text
        for each, one in zip(value, inner, strict=True):
            check(text, each, one)
    elif isinstance(value, str):
        assert "".join([letter for letter, _ in characters(text, begin)]) == value
    else:
        assert str(text[begin : begin + 4]).strip()
        assert text[begin] not in " \t\n=#,"
        end = next(at for at in range(begin + 1, len(text) + 1) if text[at : at + 1] in ("", "\n", ",", "]", "}", "#"))
        assert repr(tomllib.loads(f"v = {text[begin:end]}")["v"]) == repr(value)


def check_key(text, key, spot, value):
    key_at = spot[0]
    if text[key_at] == "[":  # a table or list of tables: its header
        assert isinstance(value, (dict, list))
    elif text[key_at] in "\"'":
        assert "".join([letter for letter, _ in characters(text, key_at)]) == key
    else:
        assert text.startswith(key, key_at)


@given(lines)
def test_each_key_that_tomllib_finds_has_its_place(text):
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        places(text)
        return
    spots, twice = places(text)
    assert not twice
    check(text, value, (0, 0, spots))


@given(st.text("ab=[]{}.,\"'#\\\n \t1", max_size=60))
def test_no_text_raises_anything_but_a_mistake(text):
    try:
        spots, _ = places(text)
    except Mistake:
        return
    try:
        value = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    check(text, value, (0, 0, spots))

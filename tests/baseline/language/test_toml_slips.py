"""Syntax errors of TOML in words: what tomllib says, where the slip is, and what to type; golden pages have more."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.baseline.language.readers.toml import read
from hb_engine.baseline.language.toml_places import places
from hb_engine.baseline.language.toml_slips import explained, without


def told(text):
    """Offset, message and remedy for the first error of a text."""
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    mistake = explained(text, str(raised.value), places(text)[1])
    return mistake.at, f"{mistake.message} | {mistake.remedy}"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("packs = [", 8, "this [ is never closed | Close it with ]."),
        ('packs = ["a", ', 8, "this [ is never closed | Close it with ]."),
        (
            "x = 1\n[[\u0430llow]]\nlisten = 'x'",
            8,
            (
                "the letter '\u0430' (U+0430) has no place in a table's name"
                " | Type plain letters: some of other alphabets look the same."
            ),
        ),
        ("listen: tcp/443", 6, 'a key is followed by =, not : | Write listen = "tcp/443".'),
        ("listen : 'tcp/443'", 7, "a key is followed by =, not : | Write listen = 'tcp/443'."),
        ("review: 2027-06-30", 6, "a key is followed by =, not : | Write review = 2027-06-30."),
        ("listen := 'x'", 7, "a key is followed by =, not : | Write listen = 'x'."),
        ('owner "x"', 6, "= is missing after 'owner' | Write owner = \"x\"."),
        ("owner", 5, "'owner' has no value | Write such as owner = \"...\"."),
        ("short name = 'x'", 6, "a key is one word | Write short-name = 'x'."),
        ("owner = x # y", 8, 'text stands in quotes | Write owner = "x".'),
        ('why = he said "no"', 6, "text stands in quotes | Write why = 'he said \"no\"'."),
        ("exe = /usr/bin/x", 6, 'text stands in quotes | Write exe = "/usr/bin/x".'),
        ("review = 180d", 9, 'text stands in quotes | Write review = "180d".'),
        ("review = 2027/06/30", 9, "'2027/06/30' is no day as they are written here | Write review = 2027-06-30."),
        ("review = 06/07/2027", 9, "'06/07/2027' may be two days | Write year-month-day, such as 2027-06-30."),
        ("until = 2027-02-30", 16, "there is no day 30 in 2027-02 | It has 28 days."),
        ("until = 2027-06-30T25:00:00Z", 19, "there is no time 25:00:00 | Times are 00:00:00 to 23:59:59."),
        ("host = 10.0.0.1", 7, 'text stands in quotes | Write host = "10.0.0.1".'),
        ("listen = 443/tcp", 9, 'text stands in quotes | Write listen = "443/tcp".'),
        ("id = 0777", 5, 'text stands in quotes | Write id = "0777".'),
        ("owner == 'x'", 7, "one = is enough | Write owner = 'x'."),
        ("owner => 'x'", 7, None),
        ("on = FALSE", 5, "true and false are written in small letters | Write false."),
        ("pin = [sha256, version]", 7, 'text stands in quotes | Write "sha256".'),
        ('pin = ["a", , "b"]', 12, "there is a comma here with nothing beside it | Leave it out."),
        ('pin = ["a" "b"]', 11, "a comma is missing before this | Write one."),
        ('pin = ["a"', 6, "this [ is never closed | Close it with ]."),
        ('pin = ["a"]]', 11, "this ] closes nothing | Leave it out."),
        ("x = {a = 1", 4, "this { is never closed | Close it with }."),
        ('x = {"a"}', 4, None),
        ("why = 'it's'", 10, 'the text ends here, and more follows | Put it in ".'),
        (
            "why = 'x",
            6,
            "this text is never closed on its line | Close it with ' at its end; a text over lines stands in '''.",
        ),
        (
            'why = "x',
            6,
            'this text is never closed on its line | Close it with " at its end; a text over lines stands in """.',
        ),
        ("why = '''x\ny", 6, "this text is never closed | Close it with '''."),
        (
            'by = "exe:\\d"',
            10,
            "\\d stands for nothing in a text | Write \\\\ for a backslash, or put the text in single quotes.",
        ),
        ('a = "\\u12"', 5, None),
        ("why = 'a';", 9, "';' has no place at the end of a line | Leave it out."),
        ("why = 'a' // b", 10, "comments begin with # | Write # b."),
        ("why = 'a' owner = 'b'", 10, "one key stands on a line | Begin a new line before owner."),
        ("; c", 0, "comments begin with # | Write # c."),
        ("-- c", 0, "comments begin with # | Write # c."),
        ("why\u00a0= 'x'", 3, "'\\xa0' looks like a space, and is another character | Type a space."),
        ("why = 'a\x01'", 8, "the character '\\x01' may not stand here | Write \\u0001 in a text, or leave it out."),
        ("gr\u00f6\u00dfe = 1", 0, "'gr\u00f6\u00dfe' is no key | Keys are letters, digits, - and _."),
        ("= 1", 0, 'a key is missing before = | Write such as owner = "team-web".'),
        ("]", 0, "this ] closes nothing | Leave it out, or open it with [ before."),
        (".a = 1", 0, "a key begins with a dot | Leave it out."),
        ("a. = 1", 1, "a key ends with a dot | Leave it out."),
        ("[[role]", 0, "the brackets of this 'role' do not match | Write [[role]]."),
        ("  [role]]", 2, "the brackets of this 'role' do not match | Write [[role]]."),
        ("[defaults", 0, "the brackets of this 'defaults' do not match | Write [defaults]."),
        ("[[allow]] x = 1", 9, "something stands after this header | Write one key a line, below it."),
        ("[]", 0, "this table has no name | Write such as [[allow]]."),
        ("[allow web]", 0, "'allow web' is no table's name | Write such as [[allow]]."),
        ("a = 1\nb = 2\na = 3", 12, "'a' is here twice, first in line 1 | Leave one out."),
        ("[a]\n[b]\n[a]", 8, "the table 'a' is here twice, first in line 1 | Put both together."),
        ("[allow]\n[allow]", 8, "'allow' is here twice, first in line 1 | Write [[allow]] each time."),
        ('{"allow": []}', 0, "this looks like JSON | Rename the file so that it ends in .json."),
        ("allow:\n  - listen: x", 0, "this looks like YAML | Rename the file so that it ends in .yaml."),
        ("- listen: x", 0, "this looks like YAML | Rename the file so that it ends in .yaml."),
    ],
)
def test_slips(text, at, message):
    found = told(text)
    assert found[0] == at
    assert found[1] == message if message else "this is no TOML" not in found[1]


def test_a_number_of_thousands_of_digits_is_told_where_it_stands():
    text = f"owner = 'x'\nreview = {'9' * 6000}\n"
    with pytest.raises(ValueError, match="Exceeds the limit") as raised:
        tomllib.loads(text)
    mistake = explained(text, str(raised.value))
    assert (mistake.at, mistake.message) == (21, "this number is longer than any that a baseline needs")


@pytest.mark.slow
def test_a_file_that_ends_anywhere_is_told_inside_of_the_text():
    whole = (
        'schema = "hb/1"\n[defaults]\npacks = ["debian", "web"]\n[[role]]\nname = \'a\'\nhosts = [\n \'x\', # y\n]\n'
        '[[allow]]\nlisten = "tcp/443 on public"\nuntil = 2026-12-01T18:00:00Z\n'
        'why = """a\nb"""\nby = {a = 1, b = [1]}\n'
    )
    for size in range(len(whole)):
        tree = read(whole[:size])
        assert all(0 <= mistake.at <= size for mistake in tree.mistakes)


def test_what_nobody_foresaw_is_told_in_tomllibs_words():
    assert explained("a = 1", "Something new (at line 1, column 3)").message == "this is no TOML: Something new"
    assert explained("a = 1", "no place").at == 5


def test_a_block_is_blanked_and_all_else_keeps_its_place():
    text = "[[a]]\nx = 1\n[[b]]\ny: 2\n[[c]]\nz = 3\n"
    left = without(text, text.index("y"))
    assert len(left) == len(text)
    assert left.count("\n") == text.count("\n")
    assert tomllib.loads(left) == {"a": [{"x": 1}], "c": [{"z": 3}]}
    assert without("x: 1\n[[b]]\n", 2) == "    \n[[b]]\n"
    assert without("[[b]]\ny: 1", 10).strip() == ""


@given(st.text("ab=[]{}.,\"'#\\\n \t1:\u00a0\x0b/-", max_size=40), st.text(max_size=10))
def test_every_error_of_tomllib_becomes_a_mistake_inside_of_the_text(text, more):
    text = (text + more).replace("\r\n", "\n")
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        spoken = str(error)
    else:
        return
    mistake = explained(text, spoken)
    assert 0 <= mistake.at <= len(text)
    assert mistake.message
    assert mistake.remedy

"""The scope file: lines that are named, edits that leave the rest alone, and half a file that is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace
from hb_engine.scan.addresses import AddressSet
from hb_engine.scan.scope import Line
from hb_engine.scan.scope_file import EMPTY, added, day, parse, refuse_too_wide, removed, written
from hb_engine.scan.words import read

FILE = """\
# ours
scope = [
  # the provider's side
  { allow = "5.6.7.0/24", why = "servers", until = 2026-12-31, by = "ana", added = 2026-11-25 },
  { exclude = "10.0.5.1", why = "the old printer" },  # it prints what it is asked

  { allow = "db.example", addresses = ["5.6.8.1", "2600::1"], why = "the database" },
]
# the end
"""


def some(*words):
    return AddressSet([one for word in words for one in read(word).ranges])


def refused(text):
    with pytest.raises(DataError) as raised:
        parse(text, "scope.toml")
    assert raised.value.remedy
    return raised.value.message


def test_lines_have_their_numbers():
    first, second, third = parse(FILE, "scope.toml")
    assert first == Line(
        True, "5.6.7.0/24", some("5.6.7.0/24"), "servers", "2026-12-31", "ana", "2026-11-25", "scope.toml", 4
    )
    assert (second.allow, second.what, second.place) == (False, "10.0.5.1", "scope.toml:5")
    assert (third.addresses, third.number) == (some("5.6.8.1", "2600::1"), 7)
    assert parse(EMPTY, "scope.toml") == ()


MISTAKES = {
    "": "scope.toml:1: a scope file is scope = [ ... ], and nothing else",
    "scope = 7\n": "scope.toml:2: a scope file is",
    "x = 1\nscope = []\n": "scope.toml:3: a scope file is",
    'scope = [\n  { allow = "10.0.0.1" }\n  { allow = "10.0.0.2" }\n]\n': "scope.toml:3: Unclosed array",
    "scope = [\n  7,\n]\n": "scope.toml:0: an entry is { allow = ... } or { exclude = ... }",
    'scope = [\n  { allow = "10.0.0.1", exclude = "10.0.0.1" },\n]\n': "scope.toml:2: an entry is",
    'scope = [\n  { allow = "10.0.0.1", untill = 2026-01-01 },\n]\n': "scope.toml:2: 'untill' is nothing that",
    'scope = [\n\n  { exclude = "10.0.0.300" },\n]\n': "scope.toml:3: '10.0.0.300': 300 is more than 255",
    'scope = [\n  { allow = "0.0.0.0/0" },\n]\n': "scope.toml:2: '0.0.0.0/0' is wider than a /8",
    'scope = [\n  { exclude = "10.0.0.1", until = 2026-01-01 },\n]\n': "scope.toml:2: an exclusion has no last day",
    'scope = [\n  { allow = "10.0.0.1", until = 7 },\n]\n': "scope.toml:2: until is no day",
    'scope = [\n  { allow = "10.0.0.1", until = "soon" },\n]\n': "scope.toml:2: until is no day",
    'scope = [\n  { allow = "10.0.0.1", until = 2026-01-01T00:00:00 },\n]\n': "scope.toml:2: until is no day",
    'scope = [\n  { allow = "10.0.0.1", why = 7 },\n]\n': "scope.toml:2: a network, a reason and a person are text",
    'scope = [\n  { allow = "db" },\n]\n': "scope.toml:2: the name 'db' stands without its addresses",
    'scope = [\n  { allow = "db", addresses = ["x"] },\n]\n': "scope.toml:2: the addresses of 'db' are no addresses",
    'scope = [\n  { allow = "10.0.0.1", addresses = ["10.0.0.2"] },\n]\n': "scope.toml:2: '10.0.0.1' is no name",
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.items(), ids=range(len(MISTAKES)))
def test_a_mistake_is_told_with_its_line(text, told):
    assert refused(text).startswith(told)


def test_a_file_cut_anywhere_is_an_error_or_says_all_that_it_said():
    """An exclusion that is lost with the second half of a file would be worse than no file at all."""
    whole = parse(FILE, "")
    for end in range(len(FILE)):
        try:
            assert parse(FILE[:end], "") == whole
        except DataError as error:
            assert error.message.startswith(":")  # noqa: PT017 - most cuts are errors, those in the last comment are not


def test_a_line_is_added_before_the_bracket_and_the_rest_stays():
    new = Line(True, "5.6.9.0/24", some("5.6.9.0/24"), 'said "yes"\n', "2027-01-01", "ana", "2026-11-25")
    text = added(FILE, new)
    expected = '  { allow = "5.6.9.0/24", why = "said \\"yes\\"\\U0000000a", until = 2027-01-01, by = "ana", '
    expected += "added = 2026-11-25 },\n"
    assert text == FILE.replace("]\n# the end", expected + "]\n# the end")
    assert parse(text, "f")[-1] == replace(new, file="f", number=8)
    assert parse(added(EMPTY, new), "f") == (replace(new, file="f", number=4),)


def test_a_line_is_added_after_one_without_a_comma():
    text = 'scope = [\n  { allow = "10.0.0.1" }\n]\n'
    new = Line(False, "10.0.0.2", some("10.0.0.2"))
    assert added(text, new) == 'scope = [\n  { allow = "10.0.0.1" },\n  { exclude = "10.0.0.2" },\n]\n'


def test_a_name_keeps_the_addresses_that_it_had():
    line = Line(True, "db", some("10.0.0.1", "fd00::1"))
    assert written(line) == '{ allow = "db", addresses = ["10.0.0.1", "fd00::1"] }'
    assert parse(added(EMPTY, line), "")[0].addresses == line.addresses


@pytest.mark.parametrize("text", ['scope = [{ allow = "10.0.0.1" }]\n', 'scope = [ { allow = "10.0.0.1" } # last\n]\n'])
def test_a_file_that_only_a_person_can_add_to(text):
    with pytest.raises(DataError) as raised:
        added(text, Line(False, "10.0.0.2", some("10.0.0.2")))
    assert raised.value.remedy == 'Add this line by hand: { exclude = "10.0.0.2" },'


def test_lines_are_taken_out():
    text = removed(FILE, {5})
    assert text == FILE.replace(
        '  { exclude = "10.0.5.1", why = "the old printer" },  # it prints what it is asked\n', ""
    )
    assert [line.what for line in parse(removed(text, {4, 6}), "")] == []
    for number in (1, 2, 8):  # a comment, the opening, the closing
        with pytest.raises(DataError, match="cannot edit"):
            removed(FILE, {number})


def test_nobody_owns_the_internet():
    refuse_too_wide("10.0.0.0/8", some("10.0.0.0/8"))
    for word in ("0.0.0.0/0", "10.0.0.0/7", "2600::/31"):
        with pytest.raises(BadInput, match="wider than"):
            refuse_too_wide(word, some(word))


def test_days():
    assert day("2026-12-31") == "2026-12-31"
    for text in ("2026-13-01", "31.12.2026", "20261231", "2026-W01-1", "", "soon"):
        with pytest.raises(BadInput, match="is no day"):
            day(text)


LINES = st.builds(
    lambda allow, word, why, by: Line(allow, word, some(word), why, "", by),
    st.booleans(),
    st.sampled_from(["10.0.0.1", "5.6.7.0/24", "10.0.0.1-9", "fe80::1%eth0", "10.0.0-3.1,5"]),
    st.text(max_size=20),
    st.text(max_size=8),
)


@given(st.lists(LINES, max_size=4), st.data())
def test_what_is_added_is_read_again_and_what_is_removed_is_gone(lines, data):
    text = EMPTY
    for line in lines:
        text = added(text, line)
    found = parse(text, "f")
    assert [(one.allow, one.what, one.addresses) for one in found] == [(x.allow, x.what, x.addresses) for x in lines]
    for one, line in zip(found, lines, strict=True):
        assert one.why == "".join(letter for letter in line.why if not "\ud800" <= letter <= "\udfff")
        assert text.splitlines()[one.number - 1].strip() == written(line) + ","
    if found:
        gone = data.draw(st.sampled_from(found))
        assert [x.what for x in parse(removed(text, {gone.number}), "f")] == [x.what for x in found if x is not gone]


@given(st.text(max_size=60) | st.text("scope=[]{}\"alowexcud, \n#.0123'", max_size=80))
def test_no_text_raises_anything_but_data_error(text):
    try:
        found = parse(text, "f")
    except DataError as error:
        found = ()
        assert error.message.isprintable()  # noqa: PT017 - either is fine, nothing else is
    assert isinstance(found, tuple)

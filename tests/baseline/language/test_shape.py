"""Values held against the declaration: keys, types, brackets; in the words of the file's own format."""

from __future__ import annotations

import pytest
from tests.baseline.reading import RULE, problems

from hb_engine.baseline.language import formats as files
from hb_engine.baseline.language import shape
from hb_engine.baseline.language.problems import Problems
from hb_engine.baseline.language.schema import TABLES, table


def lines(text, name="a.toml"):
    """Problems of a file without its rules' missing fields."""
    found = problems(**{name.replace(".", "_"): text})
    return [line for line in found if " has no owner" not in line and " has no why" not in line]


def test_tables_come_in_the_order_of_the_file():
    file = files.opened("a.toml", 'schema = "hb/1"\n[[window]]\n[[allow]]\nid = "1"\n[defaults]\n[[allow]]\nid = "2"\n')
    problems_ = Problems(file.source)
    assert file.root is not None
    found = [(each.name, node.value.get("id")) for each, node in shape.tables(file.root, problems_)]
    assert [name for name, _ in found] == ["window", "allow", "allow", "defaults"]
    assert problems_.found == []


def test_fields_of_the_right_type_are_handed_on():
    file = files.opened("a.toml", '[[allow]]\nlisten = "x"\nwhy = 5\nfrom = ["a", "b"]\nuntil = 2027-01-01\nx = 1\n')
    problems_ = Problems(file.source)
    assert file.root is not None
    ((_, node),) = shape.tables(file.root, problems_)
    given = shape.fields(table("allow"), node, problems_)
    assert sorted(given) == ["from", "listen", "until"]
    assert [each.value for each in shape.words(given["from"])] == ["a", "b"]
    assert [each.value for each in shape.words(given["listen"])] == ["x"]
    assert problems_.errors == 2


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("port", "listen"),
        ("reason", "why"),
        ("expires", "until"),
        ("description", "why"),
        ("team", "owner"),
        ("source", "from"),
        ("lsiten", "listen"),
        ("WHY", "why"),
        ("expired_at", "until"),
        ("serverity", "severity"),
    ],
)
def test_keys_as_others_call_them(key, meant):
    assert lines(f"{RULE}{key} = 1\n") == [f"a.toml:5:1 error: an allow rule has no {key!r} | Did you mean {meant}?"]


def test_keys_that_say_who():
    assert lines(f'{RULE}process = "nginx"\nunit = "a"\nprogram = "/x"\n') == [
        "a.toml:5:1 error: an allow rule has no 'process' | Write by = \"comm:nginx\".",
        "a.toml:6:1 error: an allow rule has no 'unit' | Write by = \"unit:a\".",
        "a.toml:7:1 error: an allow rule has no 'program' | Write by = \"exe:/x\".",
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.toml", "[allow]\n", "allow is a list, and this is one table | Write [[allow]] instead of [allow]."),
        ("a.toml", "allow = 1\n", "allow is a list of tables, not a number | Write [[allow]]."),
        ("a.toml", "allow = [1]\n", "allow is a list of tables, and this is a number | Write [[allow]]."),
        ("a.toml", "defaults = true\n", "defaults is a table, not true or false | Write [defaults]."),
        (
            "a.toml",
            "[[defaults]]\n",
            "there is one defaults in a baseline, and this is a list of them | Write [defaults].",
        ),
        ("a.json", '{"allow": {}}', 'allow is a list, and this is one table | Write "allow": [{...}, ...].'),
        ("a.json", '{"allow": null}', 'allow is a list of tables, not nothing | Write "allow": [{...}, ...].'),
        ("a.json", '{"defaults": []}', 'defaults is a table, not a list | Write "defaults": {...}.'),
        ("a.json", '{"alow": []}', "there is no table 'alow' | Did you mean \"allow\": [{...}, ...]?"),
    ],
)
def test_the_wrong_kind_of_table(name, text, told):
    (found,) = lines(text, name)
    assert found.partition("error: ")[2] == told


def test_tables_as_others_call_them():
    for each in TABLES:
        for name in each.also:
            (found, *_) = lines(f"[[{name}]]\n")
            brackets = f"[[{each.name}]]" if each.many else f"[{each.name}]"
            assert (
                found == f"a.toml:1:3 error: there is no table {name!r} | Did you mean {brackets}?" or ":1:1 " in found
            )


def test_keys_outside_of_tables():
    assert lines('owner = "x"\n') == [
        "a.toml:1:1 error: owner stands outside of all tables | It belongs into [[allow]]."
    ]
    assert lines('unmatched = "note"\n')[0].endswith("| It belongs into [defaults].")
    assert lines("shcema = 1\n")[0].endswith("there is no table 'shcema' | Did you mean schema?")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'schema = "hb/2"',
            "schema is 'hb/2', and this hb reads hb/1 | Update hb, or write rules of the older language.",
        ),
        ("schema = 1", "schema is '1', and this hb reads hb/1 | Write schema = \"hb/1\"."),
        ('schema = "x"', "schema is 'x', and this hb reads hb/1 | Write schema = \"hb/1\"."),
    ],
)
def test_versions_of_the_language(text, told):
    assert lines(text) == [f"a.toml:1:10 error: {told}"]


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("listen = 443", 'listen is one text, not a number | Write listen = "tcp/443".'),
        ('listen = ["tcp/1", "udp/1"]', 'listen is one text, not a list | Write one text: listen = "tcp/1, udp/1".'),
        ('by = ["pkg:a", "pkg:b"]', 'by is one text, not a list | Write one text: by = "pkg:a or pkg:b".'),
        ("by = []", 'by is one text, not a list | Write such as by = "unit:nginx.service and pkg:nginx".'),
        ("why = 2027-01-01", 'why is one text, not a date | Put it in quotes: why = "2027-01-01".'),
        ("accepted = 1", "accepted is a day or a time, not a number | Write such as accepted = 2026-11-25."),
        (
            "until = 1798761600",
            "until is a day, or a length of time, not a number | Write until = 2027-01-01T00:00:00Z, if that is meant.",
        ),
        ("review = 90", 'review is a day, or a length of time, not a number | Write review = "90d" for days.'),
        ("severity = 1", 'severity is one of its words, not a number | Write such as severity = "high".'),
        ("from = 1", 'from is a list of texts, not a number | Write such as from = "net:10.20.0.0/16".'),
        (
            'from = ["any", ""]',
            'from is a list of texts, and this is an empty text | Write such as from = "net:10.20.0.0/16".',
        ),
        ('role = ""', 'role is empty | Write such as role = "web".'),
        ('severity = "hihg"', "severity is never 'hihg' | Did you mean high?"),
        ('severity = "red"', "severity is never 'red' | It is one of none, info, low, medium, high, critical."),
    ],
)
def test_values_of_the_wrong_type(pair, told):
    key = pair.partition(" ")[0]
    text = f"{pair}\n".join(RULE.split('listen = "tcp/443"\n')) if key == "listen" else RULE
    text = text.replace('why = "x"\n', f"{pair}\n") if key == "why" else text + (f"{pair}\n" if key != "listen" else "")
    (found,) = lines(text)
    assert found.partition("error: ")[2] == told

"""The language as it is declared: examples are read as they stand, and the JSON Schema says the same as the reader."""

from __future__ import annotations

import json
import os
import tomllib

import pytest

from hb_engine.baseline.language import parse as language
from hb_engine.baseline.language import schema
from hb_engine.baseline.language.schema import TABLES, json_schema
from hb_engine.model.baseline import Baseline, Defaults, Role, Rule, Window
from hb_engine.model.record import fields_of

PACKS = os.path.join(os.path.dirname(os.path.dirname(schema.__file__)), "packs")
RULES = ("require", "allow", "forbid")
BESIDES = '[[role]]\nname = "base"\n[[role]]\nname = "web"\n[[allow]]\nid = "db-backup"\nlisten = "tcp/5432"\n'


def valid(value, shape, top):
    """Whether a value is what a schema of these few keywords asks for."""
    if "$ref" in shape:
        return valid(value, top["$defs"][shape["$ref"].rpartition("/")[2]], top)
    if "anyOf" in shape:
        return any(valid(value, each, top) for each in shape["anyOf"])
    if "enum" in shape or "const" in shape:
        return value in shape.get("enum", [shape.get("const")]) and isinstance(value, (str, bool))
    if shape["type"] == "string":
        return isinstance(value, str) and len(value) >= shape.get("minLength", 0)
    if shape["type"] == "array":
        return isinstance(value, list) and all(valid(each, shape["items"], top) for each in value)
    known = shape["properties"]
    return (
        isinstance(value, dict)
        and set(value) <= set(known)
        and set(shape.get("required", ())) <= set(value)
        and all(valid(each, known[name], top) for name, each in value.items())
    )


def plain(value):
    """A TOML value as JSON would have it."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value if isinstance(value, (str, bool, int, float)) else value.isoformat()


def written(table, fields):
    head = f"[[{table.name}]]" if table.many else f"[{table.name}]"
    return "\n".join([head, *[f"{field.name} = {field.example}" for field in fields], ""])


def errors(text):
    parsed = language.read(
        [("a.toml", text)], lambda name: 'schema = "hb/1"\n' if name in ("debian", "postgres") else None
    )
    return [f"{one.where.text}: {one.message}" for one in parsed.errors]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_example_is_read_as_it_stands(table):
    text = written(table, table.fields) + BESIDES.replace("5432", "1")
    if table.many and table.name in RULES:
        text = "[defaults]\nrequire = []\n" + text
    else:
        text = text.replace("[[allow]]\n", '[[allow]]\nwhy = "x"\nowner = "y"\naccepted = 2026-01-01\nby = "pkg:x"\n')
    assert errors(text) == []
    assert valid(plain(tomllib.loads(text)), json_schema(), json_schema())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_fields_of_its_record(table):
    record = {"defaults": Defaults, "role": Role, "window": Window}.get(table.name, Rule)
    own = {"from": "sources"}
    declared = {own.get(field.name, field.name) for field in table.fields}
    made = {"kind", "where", "pack", "by_text", "text"}  # by the reader
    assert (
        declared == set(fields_of(record(*[""] * 3))) - made if record is not Defaults else set(fields_of(Defaults()))
    )


def test_the_tables_are_those_of_a_baseline():
    assert set(fields_of(Baseline())) == {"rules", "roles", "windows", "defaults", "files"}
    assert [each.name for each in TABLES] == ["defaults", "role", *RULES, "window"]
    assert schema.table("role").many
    with pytest.raises(KeyError):
        schema.table("rolle")


def test_no_other_name_of_a_field_is_a_field_itself():
    """Else a mistyped key would be explained by a field that it is not."""
    for table in TABLES:
        names = [field.name for field in table.fields]
        assert len(set(names)) == len(names)
        for field in table.fields:
            assert field.kind in schema.KINDS
            assert field.help.endswith(".")
            assert field.name not in field.also


def test_the_schema_is_json_and_closed():
    found = json.loads(json.dumps(json_schema()))
    assert found["additionalProperties"] is False
    assert set(found["$defs"]) == {each.name for each in TABLES}
    for each in found["$defs"].values():
        assert each["additionalProperties"] is False
        assert all(shape["description"] for shape in each["properties"].values())
    assert found["$defs"]["allow"]["required"] == ["listen"]


@pytest.mark.parametrize(
    "text",
    [
        '{"allow": [{}]}',
        '{"alow": []}',
        '{"allow": [{"listen": 443}]}',
        '{"allow": {"listen": "tcp/443"}}',
        '{"allow": [{"listen": "tcp/443", "severity": "bad"}]}',
        '{"allow": [{"listen": "tcp/443", "pin": ["sha1"]}]}',
        '{"allow": [{"listen": "tcp/443", "from": 7}]}',
        '{"window": [{"every": "Mon 01:00-02:00"}]}',
        '{"schema": "hb/2"}',
        '{"defaults": []}',
        '{"defaults": {"review": true}}',
        '{"role": [{"name": ""}]}',
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(text):
    assert not valid(json.loads(text), json_schema(), json_schema())
    parsed = language.read([("a.json", text)], lambda _: None)
    assert parsed.errors


@pytest.mark.parametrize("name", sorted(os.listdir(PACKS)))
def test_packs_are_as_the_schema_says(name):
    with open(os.path.join(PACKS, name), "rb") as file:
        assert valid(plain(tomllib.load(file)), json_schema(), json_schema())

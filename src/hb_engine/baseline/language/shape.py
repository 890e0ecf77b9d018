"""Values held against the declaration of the language: unknown keys, wrong types, what is missing, wrong brackets.

What passes is handed on as nodes of the declared type. It refuses to read sentences.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import KINDS, Node, shown
from hb_engine.baseline.language.problems import did_you_mean
from hb_engine.baseline.language.schema import SCHEMA, SENTENCES, TABLES, VERSION
from hb_engine.model.nearest import nearest
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.baseline.language.problems import Problems
    from hb_engine.baseline.language.schema import Field, Table

DAYS = ("day", "review", "length")
LISTS = ("words", "choices", "from")
_FIELDS: dict[str, dict[str, Field]] = {}


def tables(root: Node, problems: Problems) -> Iterator[tuple[Table, Node]]:
    """Every table of a file that the language knows, in the order of the file."""
    known = {each.name: each for each in TABLES}
    for key, node in root.value.items():
        if key == SCHEMA.name:
            _version(node, problems)
        elif key in known:
            for each in _elements(known[key], node, problems):
                yield known[key], each
        else:
            _unknown_table(key, node, problems)


def fields(table: Table, node: Node, problems: Problems) -> dict[str, Node]:
    """The fields of a table that are of their declared type. Texts of lists stay nodes, so that places are kept."""
    known = _FIELDS.get(table.name) or _FIELDS.setdefault(table.name, {each.name: each for each in table.fields})
    found = {}
    for key, value in node.value.items():
        field = known.get(key)
        if field is None:
            _unknown_key(key, value, table, problems)
        elif value.kind == "text" and field.kind not in ("choice", "choices"):
            if value.value.strip():
                found[key] = value
            else:
                problems.error(
                    value.at, f"{key} is empty", f"Write such as {problems.pair(key, field.example)}.", "empty"
                )
        elif _fits(field, value, problems):
            found[key] = value
    for field in table.fields:
        if field.required and field.name not in node.value:
            hint = f"Write such as {problems.pair(field.name, field.example)}."
            problems.error(node.at, f"this {_called(table)} has no {field.name}", hint, "missing")
    return found


def words(node: Node) -> tuple[Node, ...]:
    """The texts of a field that takes one or several."""
    return node.value if node.kind == "list" else (node,)


def _called(table: Table) -> str:
    return f"{table.name} rule" if table.name in ("require", "allow", "forbid") else table.name


def _version(node: Node, problems: Problems) -> None:
    if node.value == VERSION:
        return
    said = "empty" if node.kind == "nothing" else shown(str(node.value))
    told = f"schema is {said}, and this hb reads {VERSION}"
    newer = isinstance(node.value, str) and node.value.startswith("hb/") and node.value[3:].isdigit()
    hint = (
        "Update hb, or write rules of the older language."
        if newer
        else f"Write {problems.pair(SCHEMA.name, SCHEMA.example)}."
    )
    problems.error(node.at, told, hint, "schema")


def _elements(table: Table, node: Node, problems: Problems) -> Iterator[Node]:
    """The tables under one key; a problem where they stand in the wrong kind of brackets."""
    write = f"Write {problems.table(table.name, many=table.many)}."
    if not table.many:
        if node.kind == "table":
            yield node
        elif node.kind == "list" and node.value and node.value[0].kind == "table":
            told = f"there is one {table.name} in a baseline, and this is a list of them"
            problems.error(node.value[0].at, told, write, "brackets")
        else:
            problems.error(node.at, f"{table.name} is a table, not {KINDS[node.kind]}", write, "type")
    elif node.kind == "list":
        for each in node.value:
            if each.kind == "table":
                yield each
            else:
                told = f"{table.name} is a list of tables, and this is {KINDS[each.kind]}"
                problems.error(each.at, told, write, "type")
    elif node.kind == "table":
        told = f"{table.name} is a list, and this is one table"
        hint = f"Write [[{table.name}]] instead of [{table.name}]." if problems.source.style == "TOML" else write
        problems.error(node.at, told, hint, "brackets")
    else:
        problems.error(node.at, f"{table.name} is a list of tables, not {KINDS[node.kind]}", write, "type")


def _unknown_table(key: str, node: Node, problems: Problems) -> None:
    if problems.full:
        problems.error(node.key_at, "")
        return
    meant = next((each for each in TABLES if key.lower() == each.name or key.lower() in each.also), None)
    if meant is None:
        near = nearest(key, (SCHEMA.name, *[each.name for each in TABLES]))
        meant = next((each for each in TABLES if each.name == near), None)
    if meant is None and near != SCHEMA.name:
        place = [each.name for each in TABLES if key in [field.name for field in each.fields]]
        place.sort(key=lambda name: name != "allow")
        if place:
            hint = f"It belongs into {problems.table(place[0], many=place[0] != 'defaults')}."
            problems.error(node.key_at, f"{key} stands outside of all tables", hint, "unknown-key")
            return
    called = problems.table(meant.name, many=meant.many) if meant else "schema" if near else ""
    hint = f"Did you mean {called}?" if called else f"There are {', '.join([each.name for each in TABLES])}."
    problems.error(node.key_at, f"there is no table {shown(key)}", hint, "unknown-key")


def _unknown_key(key: str, node: Node, table: Table, problems: Problems) -> None:
    if problems.full:
        problems.error(node.key_at, "")
        return
    names = [each.name for each in table.fields]
    lower = key.lower().replace("-", "_")
    meant = next((each for each in table.fields if lower in each.also), None)
    near = lower if lower in names else meant.name if meant else nearest(key, names)
    hint = f"Did you mean {near}?" if near else f"It has {', '.join(names)}."
    if meant and node.kind == "text" and meant.kind == "by":
        field = {"process": "comm", "program": "exe", "holder": "unit"}.get(lower, lower)
        hint = "Write " + problems.pair("by", f'"{field}:{node.value[:60]}"') + "."
    problems.error(node.key_at, f"{_a(_called(table))} has no {shown(key)}", hint, "unknown-key")


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _fits(field: Field, node: Node, problems: Problems) -> bool:
    """Whether a value is of the field's type; a problem where it is not."""
    if field.kind in ("choice", "choices") and node.kind == "text":
        return _is_choice(field, node, problems)
    if field.kind in LISTS and node.kind == "list":
        return _all_texts(field, node, problems)
    if field.kind in DAYS and node.kind == "moment":
        if field.kind == "length":
            problems.error(node.at, f"{field.name} is a length of time here", f"Write such as {field.example}.", "type")
            return False
        return True
    if field.kind == "length" and node.kind == "truth" and node.value is False:
        return True
    problems.error(
        node.at, f"{field.name} is {_wanted(field)}, not {KINDS[node.kind]}", _instead(field, node, problems), "type"
    )
    return False


def _is_choice(field: Field, node: Node, problems: Problems) -> bool:
    if node.value in field.choices:
        return True
    hint = did_you_mean(node.value, field.choices, what="It is one of")
    problems.error(node.at, f"{field.name} is never {shown(node.value)}", hint, "choice")
    return False


def _all_texts(field: Field, node: Node, problems: Problems) -> bool:
    good = True
    for each in node.value:
        if each.kind != "text" or not each.value.strip():
            what = "an empty text" if each.kind == "text" else KINDS[each.kind]
            problems.error(
                each.at,
                f"{field.name} is a list of texts, and this is {what}",
                f"Write such as {problems.pair(field.name, field.example)}.",
                "type",
            )
            good = False
        elif field.kind == "choices":
            good = _is_choice(field, each, problems) and good
    return good


def _wanted(field: Field) -> str:
    if field.kind in LISTS:
        return "a list of texts"
    if field.kind in DAYS:
        return (
            "a day or a time"
            if field.kind == "day"
            else "a length of time"
            if field.kind == "length"
            else "a day, or a length of time"
        )
    return "one of its words" if field.kind == "choice" else "one text"


MOST_DAYS = 36500


def _instead(field: Field, node: Node, problems: Problems) -> str:
    """What to write in place of a value of the wrong type."""
    value = field.example
    if field.kind == "listen" and node.kind == "number" and isinstance(node.value, int):
        value = f'"tcp/{node.value}"'
    elif field.kind in SENTENCES and node.kind == "list" and any(each.kind == "text" for each in node.value):
        joint = " or " if field.kind in ("by", "when") else ", "
        texts = joint.join([each.value for each in node.value if each.kind == "text"])
        return "Write one text: " + problems.pair(field.name, f'"{texts[:80]}"') + "."
    elif field.kind in ("length", "review") and node.kind == "number" and isinstance(node.value, int):
        if MOST_DAYS < node.value < 253402300800:  # seconds since the epoch, as computers count
            return "Write " + problems.pair(field.name, iso(node.value)) + ", if that is meant."
        return "Write " + problems.pair(field.name, f'"{node.value}d"') + " for days."
    elif field.kind == "text" and node.kind in ("number", "moment"):
        return "Put it in quotes: " + problems.pair(field.name, f'"{node.value}"') + "."
    else:
        return f"Write such as {problems.pair(field.name, value)}."
    return f"Write {problems.pair(field.name, value)}."

"""docs/reference/json.md: the documents of --json, field by field.

Each document is really written, by faces/export from records in which every field is filled, and read again: the page
has the fields that programs get, in their order. Types come from the records; meanings from meanings.py, else from the
comment that stands beside a field in the model. It refuses to leave a field without a meaning, or to keep the meaning
of a field that no document has.
"""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

from tools.docs import deciding_examples, export_examples, flow_examples, meanings
from tools.docs.comments import comments_of
from tools.docs.markdown import block, code, head, join, table

from hb_engine.app.looking.port import Found
from hb_engine.app.looking.why import Story as WhyStory
from hb_engine.app.remembering.history import Kept, Story
from hb_engine.app.ruling.lint import Linted
from hb_engine.faces.export import documents, history_json, lint_json, report_json, scan_json, serving_json
from hb_engine.faces.web.serving import Link, Started
from hb_engine.model.answer import Answer, Rest, Scan
from hb_engine.model.compared import Compared
from hb_engine.model.errors import BadInput
from hb_engine.model.inventory import Inventory
from hb_engine.model.report import Report, Verdict
from hb_engine.model.verdict import SEVERITIES, Judgement, Reason
from hb_engine.registry.update import UpdateResult
from hb_engine.store.sqlite.repair import Repaired

LEAD = """Each verb takes `--json` and then writes one document, a line of ASCII. `schema` names the version of this
contract: `hb/1` may gain fields; taking one away, or changing what it means, makes another version. Facts that are not
known are `null`, empty text or an empty array, and never left out. Times are UTC, `2026-11-22T14:02:11Z`. Bytes of
strangers that are no UTF-8 stand as the four characters `\\x80` to `\\xff`."""
WORDS: dict[Any, dict[str, str]] = {  # fields that must hold a word from a closed list for a document to be written
    Judgement: {"severity": SEVERITIES[-1]},
    Reason: {"severity": SEVERITIES[-1]},
    Answer: {"state": "open"},
    Rest: {"state": "closed"},
    Verdict: {"state": "drift", "kind": "new", "severity": SEVERITIES[-1]},
}
PLAIN = {
    "why.details",
    "why.speaks",
    "inventory.speaks",
    "report summary.by_kind",
    "report summary.by_severity",
    "plan.counts",
}  # an object whose fields are keys and names, not declared ones
KEYS = "A key names an opening for baselines and history: see [the opening's key](../why/0003-keys.md)."


class Fields:
    """What was found out about the documents: objects by name, each with its fields and their types."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, str]] = {}
        self.told: set[str] = set()

    def take(self, name: str, example: dict[str, Any], record: Any) -> None:
        """Note an object as it was written, and the objects in it."""
        hints = get_type_hints(record) if record else {}
        fields = self.objects.setdefault(name, {})
        for field, value in example.items():
            kind = self._type(name, field, value, hints.get(field))  # objects inside are noted on the way
            fields[field] = meanings.TYPES.get(f"{name}.{field}", kind)

    def _type(self, name: str, field: str, value: Any, hint: Any) -> str:
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return f"array of {self._inner(name, field, value[0])}"
        if isinstance(value, list):
            return f"array of {_word(value[0])}"
        nothing = " or null" if type(None) in get_args(hint) else ""
        if isinstance(value, dict) and f"{name}.{field}" not in PLAIN:
            return self._inner(name, field, value) + nothing
        return _word(value) + nothing

    def _inner(self, name: str, field: str, value: dict[str, Any]) -> str:
        kind = meanings.OBJECTS.get(f"{name}.{field}") or meanings.OBJECTS.get(field)
        if kind is None:
            raise LookupError(f"tools/docs/meanings.py does not say which object {name}.{field} is")
        self.take(kind[0], value, kind[1])
        return f"[{kind[0]}](#{kind[0].replace(' ', '-')})"

    def meaning(self, name: str, field: str) -> str:
        """What a field means. Raises LookupError where nobody says."""
        written = meanings.FIELDS.get(f"{name}.{field}")
        if written is not None:
            self.told.add(f"{name}.{field}")
            return written
        record = dict(meanings.OBJECTS.values()).get(name)
        comment = comments_of(record).get(field, "") if record else ""
        if not comment:
            raise LookupError(f"{name}.{field} is in a document and explained nowhere: see tools/docs/meanings.py")
        return comment


def page() -> str:
    """The page. Raises LookupError for a field without a meaning, and for a meaning without a field."""
    fields = Fields()
    parts = [head("JSON documents", "the records in `src/hb_engine/model/` and `faces/export/`", LEAD), KEYS]
    for kind, (asked, text) in written().items():
        fields.take(kind, json.loads(text), None)
        parts += [f"## kind: {kind}", block(asked), _table(fields, kind)]
    for name in [name for name in fields.objects if name not in written()]:
        parts += [f"## {name}", meanings.NOTES.get(name, ""), _table(fields, name)]
    stale = set(meanings.FIELDS) - fields.told | set(meanings.TYPES) - _all(fields)
    if stale:
        raise LookupError(f"tools/docs/meanings.py explains what no document has: {', '.join(sorted(stale))}")
    return join(parts)


def written() -> dict[str, tuple[list[str], str]]:
    """Each kind of document: the commands that write it, and one with every field filled."""
    days = (filled(meanings.OBJECTS["days"][1]),)
    return {
        "inventory": (["hb --json", "hb ls --json"], documents.inventory(filled(Inventory), {"text": filled(Answer)})),
        "port": (["hb port 1703 --json"], documents.port(filled(Found), (days, "text"))),
        "why": (["hb why 1703 --json"], documents.why(filled(WhyStory))),
        "update": (["hb update --json"], documents.update(filled(UpdateResult))),
        "scan": (["hb scan 10.0.0.5 --json"], scan_json.scan(filled(Scan), (filled(Compared),))),
        **scan_lines(),
        "report": (["hb check --json"], report_json.whole([filled(Report)])),
        **report_lines(),
        "record": (["hb record --json"], history_json.kept(filled(Kept))),
        "repair": (["hb record --repair --json"], history_json.repaired(filled(Repaired))),
        "history": (["hb history --json", "hb history 443 --json"], history_json.story(filled(Story), "text", 1.0)),
        "snapshot": (["hb snapshot --json"], history_json.snapshot(filled(Inventory), "text")),
        **deciding_examples.documents(filled),
        **flow_examples.documents(filled),
        **export_examples.documents(filled),
        "serve": (["hb serve --json"], serving_json.started(filled(Started), (filled(Link),), 1)),
        "serve-links": (["kill -USR1 PID # of an hb serve --json"], serving_json.fresh((filled(Link),))),
        "lint": (["hb lint --json"], lint_json.document(filled(Linted))),
        "error": (["hb port 65536 --json"], documents.error(BadInput("text", "text"))),
    }


def scan_lines() -> dict[str, tuple[list[str], str]]:
    """The lines of a scan, one of each kind."""
    seen = filled(Scan)
    texts: list[str] = []
    lines = scan_json.Lines(texts.append)
    lines.start(seen.asked, seen.started_at, seen.scanner)
    lines.end(seen)
    return {json.loads(text)["kind"]: (["hb scan 10.0.0.5 --ndjson"], text) for text in texts}


def report_lines() -> dict[str, tuple[list[str], str]]:
    """The lines of hb check, one of each kind."""
    texts = report_json.lines([filled(Report)])
    return {json.loads(text)["kind"]: (["hb check --format ndjson"], text) for text in texts}


def filled(kind: Any) -> Any:
    """A value of a type, with something in every field, however deep."""
    if kind in (str, int, float, bool):
        return {str: "text", int: 1, float: 1.0, bool: True}[kind]
    parts = [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    if getattr(kind, "__origin__", None) is dict:
        return {filled(parts[0]): filled(parts[1])}
    if getattr(kind, "__origin__", None) is tuple:
        return (filled(parts[0]),) if Ellipsis in get_args(kind) else tuple([filled(part) for part in parts])
    if parts:
        return filled(parts[0])
    words = WORDS.get(kind, {})
    return kind(**{name: words.get(name) or filled(hint) for name, hint in get_type_hints(kind).items()})


def _table(fields: Fields, name: str) -> str:
    rows = [(code(field), kind, fields.meaning(name, field)) for field, kind in fields.objects[name].items()]
    return table(["field", "is", "meaning"], rows)


def _word(value: Any) -> str:
    return {str: "text", bool: "true or false", int: "number", dict: "object"}[type(value)]


def _all(fields: Fields) -> set[str]:
    return {f"{name}.{field}" for name, found in fields.objects.items() for field in found}

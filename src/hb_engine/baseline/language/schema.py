"""The language of hb.d, declared once: every table and every field, with its type, a sentence, and an example.

The reader's checks, the JSON Schema for editors, and docs/reference/baseline.md are made from this. It refuses to know
how sentences are read (listen.py, by.py, ...) and what the values come to (language.py).
"""

from __future__ import annotations

from hb_engine.model.baseline import PINS, UNMATCHED, WINDOW_MODES
from hb_engine.model.record import record
from hb_engine.model.verdict import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "hb/1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# What a field takes. "words" is a list of texts, or one text; "listen" to "every" are sentences with their own grammar.
KINDS = (
    "text",
    "words",
    "choice",
    "choices",
    "day",
    "review",
    "length",
    *("listen", "by", "when", "speaks", "from", "every"),
)
SENTENCES = {
    "listen": "proto/ports [on scope [iface:NAME] [net:CIDR] [netns:CLASS]], and a comma for or",
    "by": "and, or, not and brackets over FIELD:PATTERN",
    "when": "and, or, not and brackets over FIELD:PATTERN",
    "speaks": "names of services, tls>=1.2, cert:san=PATTERN, version>=N, product=PATTERN",
    "from": "net:CIDR, host:NAME or any, and a comma for or",
    "every": "Mon-Fri 01:00-03:00 Europe/Berlin, and a comma for or",
}


@record
class Field:
    """One field. `example` is its value as TOML has it; `also` are names that people write for it."""

    name: str
    kind: str
    help: str
    example: str
    choices: tuple[str, ...] = ()
    required: bool = False
    also: tuple[str, ...] = ()


@record
class Table:
    """One table. `many`: it stands in double brackets, as often as wanted."""

    name: str
    help: str
    fields: tuple[Field, ...]
    many: bool = True
    also: tuple[str, ...] = ()


SEVERITY = Field(
    "severity",
    "choice",
    "How bad it is when something goes against this.",
    '"high"',
    SEVERITIES,
    also=("level", "priority", "sev"),
)
RULE = (
    Field(
        "id",
        "text",
        "A name that stays: reports, windows and links use it. Made from kind, listen and by where it is left out.",
        '"web-https"',
        also=("name", "rule", "key"),
    ),
    Field("role", "text", "Only for machines of this role.", '"web"', also=("roles", "group")),
    Field(
        "host",
        "text",
        "Only for this machine, by name, address or network; * and ? as in file names.",
        '"web-17"',
        also=("hosts", "hostname"),
    ),
    Field(
        "listen",
        "listen",
        "Which ports, and the widest reach that is meant; for forbid, the narrowest that is forbidden.",
        '"tcp/443 on public, udp/443 on public"',
        required=True,
        also=("port", "ports", "on", "bind", "address", "socket"),
    ),
    Field(
        "by",
        "by",
        "Who may hold it; anybody, where it is left out.",
        '"unit:nginx.service and pkg:nginx"',
        also=("process", "exe", "unit", "pkg", "user", "program", "holder"),
    ),
    Field(
        "speaks",
        "speaks",
        "What must speak there; nothing is asked where it is left out.",
        '"https tls>=1.2"',
        also=("protocol", "service", "proto", "tls"),
    ),
    Field(
        "from",
        "from",
        "Where clients come from; for people, and for firewalls that are generated.",
        '"net:10.20.0.0/16"',
        also=("source", "sources", "src", "clients"),
    ),
    Field(
        "why", "text", "What it is good for.", '"Shop front end"', also=("reason", "comment", "description", "because")
    ),
    Field("owner", "text", "Who stands for the decision: a team or a person.", '"team-web"', also=("team", "contact")),
    Field(
        "accepted",
        "day",
        "When it was decided: a day or a time.",
        "2026-11-25",
        also=("approved", "created", "date", "since"),
    ),
    Field(
        "review",
        "review",
        "When it must be confirmed again: a day, or a time after `accepted`; the day itself is still fine.",
        "2027-06-30",
        also=("recheck", "renew"),
    ),
    Field(
        "until",
        "review",
        "When it ends: a day, the last one, or a time; or a time after `accepted`.",
        "2026-12-01T18:00:00Z",
        also=("expires", "expiry", "end", "ends", "expired_at"),
    ),
    SEVERITY,
    Field(
        "pin",
        "choices",
        "Facts of hb.lock whose change is drift, and not only a note.",
        '["sha256", "version"]',
        PINS,
        also=("pins", "pinned"),
    ),
    Field(
        "accepts",
        "words",
        "Findings of hb's own rules that were accepted with it, by the rules' names.",
        '["writable-path"]',
        also=("accept", "ignore", "ignores", "suppress"),
    ),
)
TABLES = (
    Table(
        "defaults",
        "What holds where a rule says nothing. Every key stands once in the whole folder.",
        (
            Field("unmatched", "choice", "What an opening is that no rule covers.", '"alert"', UNMATCHED),
            SEVERITY,
            Field(
                "review",
                "length",
                "How long after `accepted` a rule must be confirmed again, or never.",
                '"180d"',
            ),
            Field(
                "require",
                "choices",
                "What every rule must say.",
                '["owner", "why"]',
                ("owner", "why", "accepted", "until", "by"),
            ),
            Field("packs", "words", "Packs for every machine.", '["debian"]', also=("pack",)),
        ),
        many=False,
        also=("default", "settings", "config"),
    ),
    Table(
        "role",
        "A kind of machine. Roles of one name, in however many files, are one.",
        (
            Field("name", "text", "What rules and people call it.", '"web"', required=True, also=("id", "role")),
            Field(
                "hosts",
                "words",
                "Machines by name, address or network; * and ? as in file names.",
                '["web-*.example.org", "10.0.3.0/28"]',
                also=("host", "machines", "members"),
            ),
            Field(
                "when", "when", "Machines by a condition.", '"group:web and os:linux*"', also=("if", "match", "where")
            ),
            Field(
                "includes",
                "words",
                "Roles that these machines have too.",
                '["base"]',
                also=("include", "extends", "roles"),
            ),
            Field("packs", "words", "Packs for these machines.", '["postgres"]', also=("pack",)),
        ),
        also=("roles", "group", "groups"),
    ),
    Table("require", "What must be open.", RULE, also=("required", "must", "requires")),
    Table("allow", "What may be open.", RULE, also=("allowed", "permit", "accept", "allows", "rule", "rules")),
    Table(
        "forbid",
        "What must not be open, whatever allows it.",
        RULE,
        also=("deny", "forbidden", "block", "reject", "drop"),
    ),
    Table(
        "window",
        "A time: in it alone its rules hold, or in it drift is recorded and not told.",
        (
            Field("name", "text", "What people call it.", '"patch-sunday"', required=True, also=("id",)),
            Field("mode", "choice", "Whether rules hold only in it, or drift is mute in it.", '"mute"', WINDOW_MODES),
            Field(
                "rules",
                "words",
                "The ids of the rules; for mute, none stands for all.",
                '["db-backup"]',
                also=("rule", "ids"),
            ),
            Field("when", "when", "Only on these machines.", '"group:prod"', also=("if", "where")),
            Field(
                "every",
                "every",
                "Hours of the week.",
                '"Sun 02:00-04:00 Europe/Berlin"',
                also=("at", "time", "hours", "schedule"),
            ),
            Field(
                "start", "day", "When it begins, once: a day or a time.", "2026-12-24", also=("from", "begin", "begins")
            ),
            Field(
                "end",
                "day",
                "When it ends, once: a day, the last one, or a time.",
                "2027-01-01",
                also=("until", "ends", "to"),
            ),
        ),
        also=("windows", "maintenance"),
    ),
)
SCHEMA = Field("schema", "choice", "The version of this language.", f'"{VERSION}"', (VERSION,))


def table(name: str) -> Table:
    """The table of a name. Raises KeyError."""
    return {each.name: each for each in TABLES}[name]


def json_schema() -> dict[str, Any]:
    """The language as JSON Schema (draft 2020-12), for editors."""
    shapes = {each.name: _table_schema(each) for each in TABLES}
    properties: dict[str, Any] = {"schema": _field_schema(SCHEMA)}
    for each in TABLES:
        one = {"$ref": f"#/$defs/{each.name}"}
        properties[each.name] = {"type": "array", "items": one} if each.many else one
        properties[each.name]["description"] = each.help
    return {
        "$schema": DIALECT,
        "title": "hb-engine baseline",
        "description": "A file of hb.d: which ports must, may and must not be open.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": shapes,
    }


def _table_schema(of: Table) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "description": of.help,
        "properties": {each.name: _field_schema(each) for each in of.fields},
        "additionalProperties": False,
    }
    required = [each.name for each in of.fields if each.required]
    return {**found, "required": required} if required else found


def _field_schema(field: Field) -> dict[str, Any]:
    told = f"{field.help} {SENTENCES[field.kind]}." if field.kind in SENTENCES else field.help
    shape: dict[str, Any] = {"description": told}
    word: dict[str, Any] = {"type": "string", "minLength": 1}
    if field.choices:
        word = {"enum": list(field.choices)}
    if field.kind in ("words", "choices", "from"):
        return {**shape, "anyOf": [word, {"type": "array", "items": word}]}
    if field.kind == "length":
        return {**shape, "anyOf": [word, {"const": False}]}  # never
    return {**shape, **word}

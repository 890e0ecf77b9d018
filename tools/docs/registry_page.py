"""docs/reference/registry.md: how much there is in the packaged data and how old it is, counted from the files."""

from __future__ import annotations

from collections import Counter

from tools.docs.markdown import code, head, join, table

from hb_engine.model.assignment import STATUSES
from hb_engine.registry import table as assignments
from hb_engine.registry import threats, tsv
from hb_engine.registry.assignments import FILE, packaged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.registry.tsv import Container

LEAD = """What came with the program. `hb update` fetches IANA's own table, which is then used instead of the first
one. Where each came from, under which terms, and how the sources were merged:
[PROVENANCE.md](../../src/hb_engine/registry/data/PROVENANCE.md)."""
MEANINGS = {
    "assigned": "registered, and in force as far as the data knows",
    "alias": "another name of the same service",
    "reserved": "IANA keeps the number back",
    "deassigned": "was assigned, and is no longer",
    "unassigned": "free; with a name, a widespread use without an assignment",
    "unconfirmed": "in the older data, and neither confirmed nor withdrawn by the newer",
    "dynamic": "49152 to 65535, which are never assigned (RFC 6335 section 6); no row, answered by rule",
}


def page() -> str:
    """The page. Raises LookupError for a status that has no meaning here."""
    table_file = tsv.check(packaged(FILE), assignments.KIND, assignments.VERSION, FILE)
    claims_file = tsv.check(packaged(threats.FILE), threats.KIND, threats.VERSION, threats.FILE)
    lacking = [status for status in STATUSES if status not in MEANINGS]
    if lacking:
        raise LookupError(f"tools/docs/registry_page.py does not say what the status {lacking[0]!r} means")
    parts = [head("The packaged data", "the files in `src/hb_engine/registry/data/`", LEAD)]
    return join([*parts, *_assignments(table_file), *_threats(claims_file)])


def _assignments(file: Container) -> list[str]:
    rows = _rows(file, assignments.FIELDS)
    numbered = [row["number"] for row in rows if row["number"][:1].isdigit()]
    told = [
        ("names and descriptions as of", file.header.get("names", "")),
        ("the other columns as of", file.header.get("details", "")),
        ("rows", _number(len(rows))),
        ("of a single number", _number(sum("-" not in number for number in numbered))),
        ("of a range", _number(sum("-" in number for number in numbered))),
        ("of a name without a number", _number(len(rows) - len(numbered))),
        ("bytes", _number(len(file.data))),
    ]
    status = Counter(row["status"] or "assigned" for row in rows)
    transport = Counter("any" if row["transport"] == "-" else row["transport"] for row in rows)
    return [
        "## Assignments",
        "IANA's Service Name and Transport Protocol Port Number Registry.",
        table([code(FILE), ""], told),
        table(
            ["status", "rows", "meaning"],
            [(code(name), _number(status[name]), MEANINGS[name]) for name in STATUSES],
        ),
        _counted("transport", transport),
    ]


def _threats(file: Container) -> list[str]:
    rows = _rows(file, threats.FIELDS)
    told = [("as of", file.header.get("as_of", "")), ("claims", _number(len(rows)))]
    directions = [(code(name), _number(_count(rows, "direction")[name]), does) for name, does in threats.USES.items()]
    kinds = [(code(name), _number(_count(rows, "kind")[name]), is_) for name, is_ in sorted(threats.SORTS.items())]
    return [
        "## What has been linked with ports",
        "Claims with a source each. A claim means that a port has been listed, never that a machine is infected.",
        table([code(threats.FILE), ""], told),
        table(["kind", "claims", "listed as"], kinds),
        table(["direction", "claims", "the listed program is"], directions),
        _counted("confidence", _count(rows, "confidence")),
    ]


def _rows(file: Container, fields: tuple[str, ...]) -> list[dict[str, str]]:
    lines = file.data[file.start : file.end].splitlines()
    return [dict(zip(fields, tsv.cells(line, len(fields)), strict=True)) for line in lines]


def _count(rows: Iterable[dict[str, str]], field: str) -> Counter[str]:
    return Counter(row[field] for row in rows)


def _counted(title: str, counts: Counter[str]) -> str:
    return table([title, "rows"], [(code(name), _number(count)) for name, count in sorted(counts.items())])


def _number(count: int) -> str:
    return f"{count:,}"

"""The register as a JSON document (kind register, schema hb/1): the same lines as the page, for programs.

Openings without approval are the verdicts of hb check, whole, so that a program knows them from there. Fields stand in
the order of the contract; times are text, ISO 8601 in UTC.
"""

from __future__ import annotations

from hb_engine.faces.export.deciding_json import rule
from hb_engine.faces.export.documents import SCHEMA
from hb_engine.faces.export.formats import Format
from hb_engine.faces.export.report_json import verdict
from hb_engine.model.record import items
from hb_engine.wire.dates import iso
from hb_engine.wire.json_text import array, document, members, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.ruling.register import Line, Machine, Register, Unapproved
    from hb_engine.wire.json_text import Quote

FORMAT = Format("json", "a document for programs", ".json")


def write(register: Register, version: str) -> str:
    """The document, on one line."""
    return document(
        lambda q: members(
            [
                ("schema", value(SCHEMA, q)),
                ("kind", value("register", q)),
                ("made_at", value(iso(register.made_at), q)),
                ("made_by", value(f"hb-engine {version}", q)),
                ("baseline", value(register.baseline, q)),
                ("files", value(register.files, q)),
                ("allowed", value([_line(line) for line in register.allowed], q)),
                ("forbidden", value([_line(line) for line in register.forbidden], q)),
                ("unused", str(register.unused)),
                ("unapproved", _open(register.unapproved, q)),
                ("unjudged", _open(register.unjudged, q)),
                ("machines", value([_machine(machine) for machine in register.machines], q)),
            ],
            q,
        )
    )


def _line(line: Line) -> dict[str, Any]:
    accepted = line.rule.accepted
    return {
        "rule": rule(line.rule),
        "ports": line.places,
        "protocols": line.names,
        "reach": line.reach,
        "sources": line.rule.sources,
        "approved": line.approved,
        "accepted": None if accepted is None else iso(accepted),
        "due": None if line.due is None else iso(line.due),
        "overdue": line.is_overdue,
        "insecure": line.insecure,
        "features": line.features,
        "open": [dict(items(one)) for one in line.open],
        "machines": line.machines,
    }


def _open(found: tuple[Unapproved, ...], q: Quote) -> str:
    return array([verdict(one.verdict, q) for one in found])


def _machine(machine: Machine) -> dict[str, Any]:
    return {
        "name": machine.name,
        "system": machine.system,
        "looked_at": iso(machine.looked_at),
        "openings": machine.openings,
        "expected": machine.expected,
        "privileged": machine.privileged,
        "gaps": [dict(items(gap)) for gap in machine.gaps],
        "source": machine.source,
    }

"""Answers as the JSON documents of the command line's contract: inventory, port, why, update and error, schema hb/1.

Each function returns one line of ASCII, line feed included. Fields stand in the order of the contract, further ones
after them. Nothing is escaped here but by JSON itself: programs get what the kernel said.
"""

from __future__ import annotations

from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Opening
from hb_engine.model.record import items, record
from hb_engine.wire.json_text import array, document, members, value
from hb_engine.wire.opening_json import opening, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.looking.port import Found
    from hb_engine.app.looking.why import Story
    from hb_engine.app.update import UpdateResult
    from hb_engine.model.answer import Answer
    from hb_engine.model.assignment import Assignment, Pressure, Threat
    from hb_engine.model.errors import HbError
    from hb_engine.model.inventory import Inventory
    from hb_engine.wire.json_text import Quote

    Pressed = tuple[tuple[Pressure, ...], str]

SCHEMA = "hb/1"


@record
class Here:
    """One machine of several: its name, the file that told it ("" for this one), and its openings on the port."""

    name: str
    source: str
    taken_at: float
    openings: tuple[Opening, ...]
    coverage: Coverage


def inventory(look: Inventory, spoken: dict[str, Answer] | None = None) -> str:
    """One look at a machine, all of its openings in their order; `spoken` is what they said, where they were asked."""
    return _document(
        "inventory",
        lambda q: [
            ("host", value(dict(items(look.host)), q)),
            ("taken_at", when(look.taken_at)),
            ("coverage", value(coverage(look.coverage), q)),
            ("openings", _openings(look.openings, q)),
            ("speaks", _speaks(spoken, q)),
        ],
    )


def port(found: Found, pressed: Pressed | None = None, machines: tuple[Here, ...] | None = None) -> str:
    """The page of a port; for a name with several rows or none, `port` is null and `matches` or `suggestions` tell.

    `machines` is told where several were looked at, as the pages of hb serve do.
    """
    return _document("port", lambda q: [*port_fields(found, pressed, q), *_machines(machines, q)])


def port_fields(found: Found, pressed: Pressed | None, q: Quote) -> list[tuple[str, str]]:
    """The fields of a port's page, for documents that have more besides."""
    first, after = _page(found), _around(found)
    return [
        *[(name, value(item, q)) for name, item in first.items()],
        ("pressure", value(pressure(*pressed) if pressed else None, q)),
        ("openings", "null" if found.openings is None else _openings(found.openings, q)),
        *[(name, value(item, q)) for name, item in after.items()],
    ]


def why(story: Story) -> str:
    """The story of a port or a process: its openings, what was asked, further evidence by opening key."""
    state = "open" if story.openings else "closed" if not story.coverage.gaps else "not seen"
    page = story.page
    after = {
        "details": {key: dict(facts) for key, facts in story.details.items()},
        "assignments": [assignment(row) for row in page.assignments] if page else [],
        "threats": [threat(claim) for claim in page.threats] if page else [],
    }
    asked = {"query": story.query, "transport": story.transport, "port": story.port, "state": state}
    return _document(
        "why",
        lambda q: [
            *[(name, value(item, q)) for name, item in asked.items()],
            ("coverage", value(coverage(story.coverage), q)),
            ("openings", _openings(story.openings, q)),
            *[(name, value(item, q)) for name, item in after.items()],
            ("speaks", _speaks(story.spoken, q)),
        ],
    )


def update(result: UpdateResult) -> str:
    """What an update of the registry's data did."""
    told = [(name, item) for name, item in items(result) if not isinstance(item, float)]
    times = [(name, when(item)) for name, item in items(result) if isinstance(item, float)]
    return _document("update", lambda q: [*[(name, value(item, q)) for name, item in told], *times])


def error(raised: HbError) -> str:
    """Trouble, as the exit status 2 has it; `error` is a word for the class: bad-input, cannot-look."""
    kind = "".join([f"-{c.lower()}" if c.isupper() else c for c in type(raised).__name__]).lstrip("-")
    told = {"error": kind, "message": raised.message, "remedy": raised.remedy}
    return _document("error", lambda q: [(name, value(item, q)) for name, item in told.items()])


def coverage(asked: Coverage) -> dict[str, Any]:
    """What was asked and what was not seen."""
    return {
        "privileged": asked.privileged,
        "sources": asked.sources,
        "gaps": [dict(items(gap)) for gap in asked.gaps],
        "partial": asked.partial,
    }


def assignment(row: Assignment) -> dict[str, Any]:
    """One row of the registry, all of its fields."""
    return dict(items(row))


def threat(claim: Threat) -> dict[str, Any]:
    """One claim, what the contract names first."""
    named = {name: getattr(claim, name) for name in ("name", "kind", "direction", "confidence", "source")}
    return named | dict(items(claim))


def pressure(days: tuple[Pressure, ...], attribution: str) -> dict[str, Any]:
    """The days that are known, and whose figures they are."""
    return {"days": [dict(items(day)) for day in days], "attribution": attribution}


def _document(kind: str, fields: Any) -> str:
    head = [("schema", f'"{SCHEMA}"'), ("kind", f'"{kind}"')]
    return document(lambda quoting: members([*head, *fields(quoting)], quoting))


def _machines(machines: tuple[Here, ...] | None, q: Quote) -> list[tuple[str, str]]:
    return [] if machines is None else [("machines", array([_here(each, q) for each in machines]))]


def _here(one: Here, q: Quote) -> str:
    return members(
        [
            ("name", value(one.name, q)),
            ("source", value(one.source or None, q)),
            ("taken_at", when(one.taken_at)),
            ("openings", _openings(one.openings, q)),
            ("coverage", value(coverage(one.coverage), q)),
        ],
        q,
    )


def _openings(openings: tuple[Opening, ...], q: Quote) -> str:
    return array([opening(each, q) for each in openings])


def _speaks(spoken: dict[str, Answer] | None, q: Quote) -> str:
    """What openings said, by their keys; null where nobody asked."""
    if spoken is None:
        return "null"
    from hb_engine.faces.export.scan_json import port as answer  # most looks ask nobody

    return members([(key, answer(each, q)) for key, each in spoken.items()], q)


def _page(found: Found) -> dict[str, Any]:
    page = found.page
    place = page.range if page else None
    return {
        "port": page.port if page else None,
        "range": place.name if place else None,
        "privileged": place.privileged if place else None,
        "ephemeral_here": place.ephemeral if place else None,
        "assignments": [assignment(row) for row in page.assignments] if page else [],
        "threats": [threat(claim) for claim in page.threats] if page else [],
    }


def _around(found: Found) -> dict[str, Any]:
    """What the contract does not name: the range's ends, the neighbours, other systems, the other matches."""
    page = found.page
    return {
        "query": found.query,
        "transport": found.transport,
        "range_first": page.range.first if page else None,
        "range_last": page.range.last if page else None,
        "range_detail": page.range.detail if page else None,
        "near": [assignment(row) for row in page.near] if page else [],
        "as_of": page.as_of if page else None,
        "origin": page.origin if page else None,
        "coverage": coverage(found.coverage) if found.coverage else None,
        "elsewhere": [dict(items(system)) for system in found.elsewhere],
        "matches": [assignment(row) for row in found.matches],
        "suggestions": found.suggestions,
        "problem": found.problem or None,
    }

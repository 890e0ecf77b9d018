"""Machines: all that hb knows of, each by itself, and the openings of each, as the command line writes them."""

from __future__ import annotations

from typing import Any

from hb_engine.app.hub.sight import Machine as Shown
from hb_engine.faces.export.documents import coverage
from hb_engine.faces.export.report_json import verdict
from hb_engine.faces.web.addresses import segment, short
from hb_engine.faces.web.api.answering import Asked, handler, page, written
from hb_engine.faces.web.api.cursors import Key, Keys, cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.shapes_lists import Machine, Machines, OneOpening, Openings
from hb_engine.faces.web.api.views import VIEWS, count, unseen
from hb_engine.faces.web.page import NotThere
from hb_engine.faces.web.searching.folding import folded
from hb_engine.model.endpoint import KINDS, SCOPES, TRANSPORTS
from hb_engine.model.opening import Opening
from hb_engine.model.record import items
from hb_engine.model.verdict import WORDS
from hb_engine.wire.dates import iso
from hb_engine.wire.json_text import LITERALS, array, value
from hb_engine.wire.opening_json import opening, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.json_text import Quote

LIST = Route(
    "/machines",
    "machines",
    "The machines that hb knows of",
    Machines,
    (LIMIT, CURSOR, Parameter("q", "words that stand in names, systems, addresses or labels")),
    order="by name",
)
ONE = Route("/machines/{name}", "machine", "A machine: its looks, its rules, its numbers", Machine)
OPENINGS = Route(
    "/machines/{name}/openings",
    "openings",
    "The openings of a machine",
    Openings,
    (
        LIMIT,
        CURSOR,
        Parameter("port", "only on this port", "number"),
        Parameter("transport", "only of this transport", "word", TRANSPORTS),
        Parameter("scope", "only what reaches exactly as far", "word", SCOPES),
        Parameter("kind", "only of this kind", "word", KINDS),
        Parameter("word", "only what the judge's rules say this word of", "word", WORDS),
        Parameter("owner", "words that stand in processes, programs, units, packages, containers or users"),
    ),
    order="by port (those without one last), transport and id",
)
OPENING = Route(
    "/machines/{name}/openings/{id}", "opening", "An opening, with what the baseline says of it", OneOpening
)


def machines(asked: Asked) -> str:
    """A part of the list of machines."""
    wanted = folded(asked.words["q"] or "").split()[:8]
    found = [(_key(one), one) for one in asked.sight.machines if all(word in _words(one) for word in wanted)]
    found.sort(key=lambda pair: pair[0])
    part = cut(LIST.name, Keys(found, lambda pair: pair[0]), asked.words["cursor"], asked.words["limit"])
    told = found[part.start : part.end]
    return page(asked, part, len(found), lambda q: [value(_row(one), q) for _, one in told])


def machine(asked: Asked) -> str:
    """One machine."""
    one = asked.machine
    report = one.report
    told = {
        "source": one.source,
        "openings": len(one.seen.openings),
        "public": _public(one),
        "baseline": report.baseline if report else None,
        "rules": report.rules if report else None,
        "expected": report.expected if report else None,
        "states": count(report) if report else None,
    }
    return written(
        "machine",
        lambda q: [
            ("host", value(dict(items(one.seen.host)), q)),
            ("taken_at", when(one.seen.taken_at)),
            ("coverage", value(coverage(one.seen.coverage), q)),
            *[(name, value(item, q)) for name, item in told.items()],
        ],
    )


def openings(asked: Asked) -> str:
    """A part of a machine's openings."""
    one = asked.machine
    found = [pair for pair in VIEWS.of(asked.hub).openings(one) if _fits(pair[1], asked.words)]
    part = cut(OPENINGS.name, Keys(found, lambda pair: pair[0]), asked.words["cursor"], asked.words["limit"])
    told = found[part.start : part.end]
    return page(asked, part, len(found), lambda q: [_listed(each, str(key[2]), q) for key, each in told], unseen(one))


def one_opening(asked: Asked) -> str:
    """One opening by its id. Raises NotThere, with what could not be seen where something could not."""
    one, wanted = asked.machine, asked.words["id"]
    found = [each for key, each in VIEWS.of(asked.hub).openings(one) if key[2] == wanted]
    if not found:
        gaps = unseen(one)
        told = f"; not all could be seen: {gaps[0].message}" if gaps else ""
        raise NotThere(f"the last look at {one.name!r} shows no opening {wanted}{told}", _history(one))
    about = [each for each in (one.report.verdicts if one.report else ()) if each.key == found[0].key]
    return written(
        "opening",
        lambda q: [
            ("machine", q(one.name)),
            ("taken_at", when(one.seen.taken_at)),
            ("id", q(wanted)),
            ("opening", opening(found[0], q)),
            ("others", array([opening(each, q) for each in found[1:]])),
            ("verdicts", array([verdict(each, q) for each in about])),
            ("judged", LITERALS[one.report is not None]),
        ],
    )


def _history(one: Shown) -> str:
    return f"GET /api/v1/machines/{segment(one.name)}/changes tells what was there."


def _key(one: Shown) -> Key:
    return one.name[:80], short(f"{one.name}\0{one.source}")


def _words(one: Shown) -> str:
    host = one.seen.host
    return folded(" ".join([one.name, host.system, host.os, *host.addresses, *host.labels]))


def _row(one: Shown) -> dict[str, Any]:
    report = one.report
    states = count(report) if report else {}
    return {
        "name": one.name,
        "system": one.seen.host.system,
        "source": one.source,
        "taken_at": iso(one.seen.taken_at),
        "openings": len(one.seen.openings),
        "public": _public(one),
        "judged": report is not None,
        "expected": report.expected if report else None,
        **{state: states.get(state) for state in ("drift", "debt", "unseen")},
        "privileged": one.seen.coverage.privileged,
        "gaps": len(one.seen.coverage.gaps),
    }


def _public(one: Shown) -> int:
    return sum([each.scope == "public" for each in one.seen.openings])


def _fits(one: Opening, words: dict[str, Any]) -> bool:
    for name in ("port", "transport", "scope", "kind"):
        if words[name] not in (None, getattr(one, name)):
            return False
    if words["word"] is not None and (one.verdict is None or one.verdict.word != words["word"]):
        return False
    return words["owner"] is None or _is_held_by(one, folded(words["owner"]).split()[:8])


def _is_held_by(one: Opening, wanted: list[str]) -> bool:
    told = [one.user, one.unit or "", one.container.name if one.container else ""]
    for owner in one.owners:
        told += [owner.comm, owner.exe or "", owner.unit or "", owner.user]
        told += [owner.package.name if owner.package else "", owner.container.name if owner.container else ""]
    text = folded(" ".join(told))
    return all(word in text for word in wanted)


def _listed(one: Opening, name: str, q: Quote) -> str:
    """An opening of the contract, with its id after its fields."""
    return f'{opening(one, q)[:-1]}, "id": {q(name)}}}'


ROUTES = ((LIST, machines), (ONE, machine), (OPENINGS, openings), (OPENING, one_opening))
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

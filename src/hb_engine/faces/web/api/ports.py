"""Ports: all 65,536 in a list, and the page of each, as hb port tells it, with what every machine has there now."""

from __future__ import annotations

from collections.abc import Sequence

from hb_engine.app.hub.sight import Machine
from hb_engine.app.looking.port import Found
from hb_engine.faces.export import documents
from hb_engine.faces.export.report_json import verdict
from hb_engine.faces.web.api.answering import Asked, handler, page, written
from hb_engine.faces.web.api.cursors import Keys, cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.shapes_lists import Port, Ports
from hb_engine.faces.web.api.views import VIEWS, View, unseen
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.folding import folded
from hb_engine.faces.web.searching.registered import Names, Registered
from hb_engine.model.assignment import Assignment, PortPage
from hb_engine.model.opening import Opening
from hb_engine.registry.ranges import CLASSES, elsewhere, port_range
from hb_engine.wire.json_text import LITERALS, array, members, value
from hb_engine.wire.opening_json import opening, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.json_text import Quote

LIST = Route(
    "/ports",
    "ports",
    "Every port number, with what it is registered for and how much is open there",
    Ports,
    (
        LIMIT,
        CURSOR,
        Parameter("q", "words that stand in names or descriptions of what is registered"),
        Parameter("range", "a class of ports (RFC 6335 section 6)", "word", tuple([name for name, _, _ in CLASSES])),
        Parameter("registered", "whether a name is registered for it", "truth"),
        Parameter("open", "whether something is open there on a machine that hb knows", "truth"),
    ),
    order="by number",
    needs_look=False,
)
ONE = Route("/ports/{port}", "port", "A port, with what each machine has there now", Port, needs_look=False)
WITH = Route(
    "/ports/{port}/{transport}",
    "portOfTransport",
    "A port; of what is open there, one transport",
    Port,
    needs_look=False,
)


def ports(asked: Asked) -> str:
    """A part of the list of ports."""
    view, names = VIEWS.of(asked.hub), Registered.of(asked.hub)
    numbers = _chosen(asked, view, names)
    part = cut(LIST.name, Keys(numbers, lambda number: (number,)), asked.words["cursor"], asked.words["limit"])
    troubles = [trouble for machine in asked.sight.machines for trouble in unseen(machine)]
    told = numbers[part.start : part.end]
    return page(asked, part, len(numbers), lambda q: [_row(number, view, names, q) for number in told], troubles)


def port(asked: Asked) -> str:
    """The page of one port."""
    number, transport = asked.words["port"], asked.words.get("transport")
    first = asked.sight.machines[0] if asked.sight.machines else None
    here = VIEWS.of(asked.hub).by_port.get(number, [])
    found = Found(
        query=f"{transport}/{number}" if transport else str(number),
        page=_page(asked.hub, number),
        openings=_open(here, first, transport) if first else None,
        coverage=first.seen.coverage if first else None,
        elsewhere=elsewhere(number),
        problem=asked.hub.registry.problem,
        transport=transport,
    )
    machines = asked.sight.machines
    return written(
        "port",
        lambda q: [
            *documents.port_fields(found, None, q),
            ("machines", array([_machine(one, _open(here, one, transport), number, transport, q) for one in machines])),
        ],
    )


def _chosen(asked: Asked, view: View, names: Names) -> Sequence[int]:
    words = asked.words
    first, last = next(((a, b) for name, a, b in CLASSES if name == words["range"]), (0, 65535))
    wanted = folded(words["q"] or "").split()[:8]
    found: Sequence[int] = range(first, last + 1)
    if wanted:
        known = names.words
        found = [one for one in found if one in known and all(word in known[one] for word in wanted)]
    if words["registered"] is not None:
        found = [one for one in found if (one in names.rows) == words["registered"]]
    if words["open"] is not None:
        found = [one for one in found if (one in view.by_port) == words["open"]]
    return found


def _row(number: int, view: View, names: Names, q: Quote) -> str:
    here = view.by_port.get(number, [])
    told = {
        "port": number,
        "range": next(name for name, first, last in CLASSES if first <= number <= last),
        "registered": [_name(row) for row in names.rows.get(number, [])],
        "threats": len(view.hub.threats.threats(number)),
        "openings": len(here),
        "machines": len({id(machine) for machine, _ in here}),
    }
    return value(told, q)


def _name(row: Assignment) -> dict[str, str | None]:
    return {"transport": row.transport, "name": row.name, "description": row.description, "status": row.status}


def _page(hub: Hub, number: int) -> PortPage:
    registry = hub.registry
    return PortPage(
        number,
        port_range(number),
        registry.rows(number),
        hub.threats.threats(number),
        registry.near(number),
        registry.as_of,
        registry.origin,
    )


def _open(here: list[tuple[Machine, Opening]], asked: Machine, transport: str | None) -> tuple[Opening, ...]:
    """What is open on a port of one machine, of what is open there on all."""
    return tuple([one for machine, one in here if machine is asked and transport in (None, one.transport)])


def _machine(machine: Machine, opened: tuple[Opening, ...], number: int, transport: str | None, q: Quote) -> str:
    found = [
        one
        for one in (machine.report.verdicts if machine.report else ())
        if _is_about(one.key, number, transport) or (one.opening and one.opening.port == number)
    ]
    asked = [one for one in found if transport in (None, one.key.partition("/")[0])]
    return members(
        [
            ("name", q(machine.name)),
            ("source", q(machine.source)),
            ("taken_at", when(machine.seen.taken_at)),
            ("openings", array([opening(one, q) for one in opened])),
            ("verdicts", array([verdict(one, q) for one in asked])),
            ("judged", LITERALS[machine.report is not None]),
            ("coverage", value(documents.coverage(machine.seen.coverage), q)),
        ],
        q,
    )


def _is_about(key: str, number: int, transport: str | None) -> bool:
    """Whether a verdict's key, which is an opening's or transport/scope/port of what is missing, is about a port."""
    parts = key.split("/")
    return len(parts) > 2 and parts[2] == str(number) and transport in (None, parts[0])


ROUTES = ((LIST, ports), (ONE, port), (WITH, port))
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

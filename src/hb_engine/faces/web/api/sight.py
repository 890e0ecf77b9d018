"""What is shown now, in numbers, and every port at once: for scripts that wait, and for pictures.

A script that waits asks again with the tag of the answer before (If-None-Match): until another sight is shown it is
answered 304, which costs next to nothing. /events tells the same without asking.
"""

from __future__ import annotations

from typing import Any

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.api.answering import Asked, handler, written
from hb_engine.faces.web.api.declaring import Route
from hb_engine.faces.web.api.shapes_lists import Map, SightNow
from hb_engine.faces.web.api.views import VIEWS, count, unseen
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.kept import Kept
from hb_engine.faces.web.searching.registered import Registered
from hb_engine.model.record import items
from hb_engine.model.report import STATES
from hb_engine.model.verdict import SEVERITIES
from hb_engine.wire.json_text import value
from hb_engine.wire.opening_json import when

SIGHT = Route("/sight", "sight", "What is shown now, in numbers", SightNow, needs_look=False)
MAP = Route("/map", "map", "Every port at once: what is registered, and the state of what is open", Map)
DRAWN = ("tcp", "udp")
URGENT = ("drift", "debt", "unseen")  # states of a port that a verdict gives it, the most urgent first


def sight(asked: Asked) -> str:
    """The numbers of what is shown. Before the first look there are troubles, and no machines."""
    seen = asked.sight
    reports = [one.report for one in seen.machines if one.report]
    states = dict.fromkeys(STATES, 0)
    severities = dict.fromkeys(SEVERITIES, 0)
    for report in reports:
        for state, number in count(report).items():
            states[state] += number
        for one in report.verdicts:
            severities[one.severity] += one.state == "drift"
    told = {
        "number": seen.number,
        "machines": len(seen.machines),
        "judged": len(reports),
        "openings": sum([len(one.seen.openings) for one in seen.machines]),
        "expected": sum([report.expected for report in reports]),
        "states": states,
        "severities": severities,
        "registry_as_of": asked.hub.registry.as_of,
        "threats_as_of": asked.hub.threats.as_of,
        "writing": asked.hub.writing,
    }
    return written(
        "sight",
        lambda q: [
            *[(name, value(item, q)) for name, item in told.items()],
            ("taken_at", when(seen.taken_at if seen.number else None)),
            ("troubles", value(_troubles(seen), q)),
        ],
    )


def whole(asked: Asked) -> str:
    """The document of all ports."""
    return MAPS.of(asked.hub)


def _map(hub: Hub, seen: Sight) -> str:
    told = {
        "sight": seen.number,
        "troubles": _troubles(seen),
        "registered": {transport: Registered.of(hub).spans(transport) for transport in DRAWN},
        "ports": _states(hub, seen),
    }
    return written(
        "map", lambda q: [*[(name, value(item, q)) for name, item in told.items()], ("taken_at", when(seen.taken_at))]
    )


def _troubles(seen: Sight) -> list[dict[str, Any]]:
    missing = [each for one in seen.machines for each in unseen(one)]
    return [dict(items(one)) for one in (*seen.troubles, *missing)]


def _states(hub: Hub, seen: Sight) -> list[dict[str, Any]]:
    """Each port on which something is open, or is missing, by transport: the most urgent that is said of it."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    names: dict[tuple[int, str], set[int]] = {}
    judged = {id(machine): machine.report is not None for machine in seen.machines}
    for port, here in VIEWS.of(hub).by_port.items():
        for machine, one in here:
            state = "expected" if judged[id(machine)] else "open"
            place = _place(found, port, one.transport)
            place["openings"] += 1
            _worse(place, state, one.verdict.severity if one.verdict and not judged[id(machine)] else "none")
            names.setdefault((port, one.transport), set()).add(id(machine))
    for machine in seen.machines:
        for verdict in machine.report.verdicts if machine.report else ():
            transport, _, rest = verdict.key.partition("/")
            number = verdict.opening.port if verdict.opening else _number(rest)
            if number is not None and verdict.state in URGENT:
                _worse(_place(found, number, transport), verdict.state, verdict.severity)
    for key, place in found.items():
        place["machines"] = len(names.get(key, ()))
    return [found[key] for key in sorted(found)]


ORDER = (*URGENT, "open", "expected")


def _place(found: dict[tuple[int, str], dict[str, Any]], port: int, transport: str) -> dict[str, Any]:
    return found.setdefault(
        (port, transport),
        {"port": port, "transport": transport, "state": ORDER[-1], "severity": "none", "openings": 0, "machines": 0},
    )


def _worse(place: dict[str, Any], state: str, severity: str) -> None:
    if ORDER.index(state) < ORDER.index(place["state"]):
        place.update(state=state, severity=severity)
    elif state == place["state"] and SEVERITIES.index(severity) > SEVERITIES.index(place["severity"]):
        place["severity"] = severity


def _number(rest: str) -> int | None:
    """The port in what follows a key's transport: scope/port/..."""
    parts = rest.split("/")
    return int(parts[1]) if len(parts) > 1 and parts[1].isascii() and parts[1].isdigit() else None


MAPS: Kept[str] = Kept(_map)
ROUTES = ((SIGHT, sight), (MAP, whole))
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

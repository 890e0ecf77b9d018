"""`hb port`: what a port is for, and what this machine has there now."""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.looking.collect import collect
from hb_engine.model.assignment import Assignment, PortPage, Pressure
from hb_engine.model.errors import CannotLook, Unreachable
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.registry import query as questions
from hb_engine.registry.assignments import Registry
from hb_engine.registry.ranges import Elsewhere, elsewhere, port_range
from hb_engine.registry.threats import Threats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory
    from hb_engine.registry.query import Query

MATCHES = 20
MAIL = "HB_MAIL"  # a person's address, for services that want to know whom to write to


@record
class Found:
    """The answer: a page for one port, or the rows that match; `openings` is None where nobody could look."""

    query: str
    page: PortPage | None = None
    matches: tuple[Assignment, ...] = ()
    suggestions: tuple[str, ...] = ()
    openings: tuple[Opening, ...] | None = None
    coverage: Coverage | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    problem: str = ""
    transport: str | None = None


def page(text: str) -> Found:
    """Everything about a port, or the rows that a name or words lead to. Raises BadInput, DataError."""
    registry = Registry.open(folders.data())
    asked = questions.parse(text, lambda name: bool(registry.named(name)))
    if asked.kind == "port" and asked.port is not None:
        return _page(text, asked.port, asked.transport, registry)
    matches = _matches(asked, registry)
    ports = {
        row.first for row in matches if row.first is not None and row.first == row.last and row.status == "assigned"
    }
    if asked.kind == "name" and len(ports) == 1 and all(row.first in ports for row in matches if row.first is not None):
        return _page(text, ports.pop(), asked.transport, registry)
    suggestions = () if matches else registry.suggest(asked.text)
    return Found(text, matches=matches, suggestions=suggestions, problem=registry.problem)


def page_of(port: int, registry: Registry, threats: Threats | None = None) -> PortPage:
    """The registry's page of a port; `threats` where they are open already."""
    return PortPage(
        port=port,
        range=port_range(port),
        assignments=registry.rows(port),
        threats=(threats or Threats.open()).threats(port),
        near=registry.near(port),
        as_of=registry.as_of,
        origin=registry.origin,
    )


def pressure(port: int) -> tuple[tuple[Pressure, ...], str]:
    """The last days of SANS ISC's counts, and the attribution that goes with them. Raises Unreachable, TooSoon."""
    from hb_engine.registry.pressure import BASE, Desk, look  # the one thing that goes out to the network

    folder = folders.cache()
    if folder is None:
        raise Unreachable("there is no home folder to keep SANS ISC's answers in", "Set XDG_CACHE_HOME.")
    mail = os.environ.get(MAIL, "")
    if not mail:
        raise Unreachable("SANS ISC asks every program to say whom it can write to", f"Set {MAIL}=you@example.org.")
    found = look(Desk(os.path.join(folder, "isc"), mail, os.environ.get("HB_ISC") or BASE), port)
    return found.days, found.attribution


def _page(text: str, port: int, transport: str | None, registry: Registry) -> Found:
    seen, problem = None, ""
    try:
        seen = _judged(collect(frozenset((port,))))
    except CannotLook as error:
        problem = " ".join(filter(None, (error.message, error.remedy)))
    return Found(
        query=text,
        page=page_of(port, registry),
        openings=tuple([one for one in seen.openings if transport in (None, one.transport)]) if seen else None,
        coverage=seen.coverage if seen else None,
        elsewhere=elsewhere(port),
        problem=" ".join(filter(None, (registry.problem, problem))),
        transport=transport,
    )


def _judged(seen: Inventory) -> Inventory:
    if not seen.openings:
        return seen
    from hb_engine.app.looking.look import Bench  # a closed port needs no judge

    return Bench().judged(seen)


def _matches(asked: Query, registry: Registry) -> tuple[Assignment, ...]:
    named = registry.named(asked.text) if asked.kind == "name" else ()
    rows = named or registry.search(asked.text, MATCHES)
    return tuple([row for row in rows if asked.transport is None or row.transport in (asked.transport, None)])

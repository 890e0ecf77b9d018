"""What is known of a port without looking at any machine, gathered once for its page and kept for the next reader.

Nothing here depends on what is open, on the language or on the time. A page of one transport keeps what is about that
transport, and what the registry says of any.
"""

from __future__ import annotations

import functools

from hb_engine.faces.stories.registry import Group, groups
from hb_engine.faces.web.ports import index
from hb_engine.model.assignment import Assignment, Threat
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

KEPT = 4096  # ports and transports whose facts are kept: about 20 MB at most
NEAR = 12  # other ports of a service or a threat that are told


@record
class Elsewhere:
    """A service's name or a threat's, and the other ports that have it; `more` counts those that are not told."""

    name: str
    ports: tuple[int, ...]
    more: int = 0


@record
class Facts:
    """A port's rows in groups (alike but for their transport), its claims and its neighbours."""

    port: int
    transport: str
    rows: tuple[Assignment, ...]
    groups: tuple[Group, ...]
    threats: tuple[Threat, ...]
    near: tuple[tuple[int, tuple[str, ...]], ...]
    same_service: tuple[Elsewhere, ...]
    same_threat: tuple[Elsewhere, ...]
    names: tuple[str, ...]  # registered, the best first, each once
    as_of: str
    details_as_of: str

    @property
    def transports(self) -> tuple[str, ...]:
        """Those that a page speaks of: its own, or tcp and udp, and whatever else something is registered for."""
        if self.transport:
            return (self.transport,)
        return tuple(dict.fromkeys(("tcp", "udp", *[row.transport for row in self.rows if row.transport and row.name])))

    def named(self, transport: str) -> tuple[str, ...]:
        """The names that are registered for a transport."""
        told = [row.name for row in self.rows if is_named(row) and row.transport in (None, transport)]
        return tuple(dict.fromkeys(told))


def is_named(row: Assignment) -> bool:
    """Whether a row says that a service of this name lives here."""
    return bool(row.name) and row.status == "assigned"


@functools.lru_cache(maxsize=KEPT)
def of(registry: Registry, threats: Threats, port: int, transport: str = "") -> Facts:
    """The facts of a port, or of one of its transports."""
    rows = tuple([row for row in registry.rows(port) if transport in ("", row.transport) or row.transport is None])
    claims = threats.threats(port, transport or None)
    names = tuple(dict.fromkeys([row.name for row in rows if is_named(row)]))
    known = index.of(registry, threats)
    dates = max([(row.as_of, row.details_as_of) for row in rows if row.as_of], default=(registry.as_of, ""))
    return Facts(
        port,
        transport,
        rows,
        tuple(groups(rows)),
        claims,
        _near(registry, port),
        _elsewhere(names, known.services, port),
        _elsewhere(tuple(dict.fromkeys([claim.name for claim in claims])), known.threats, port),
        names,
        dates[0] or registry.as_of,
        dates[1] or registry.details_as_of,
    )


def _near(registry: Registry, port: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    found: dict[int, dict[str, None]] = {}
    for row in registry.near(port):
        if row.name and row.first is not None:
            edge = row.first if row.first > port else row.last or row.first
            found.setdefault(edge, {})[row.name] = None
    return tuple([(number, tuple(names)) for number, names in sorted(found.items())])


def _elsewhere(names: tuple[str, ...], known: dict[str, tuple[int, ...]], port: int) -> tuple[Elsewhere, ...]:
    found = []
    for name in names:
        others = [number for number in known.get(name.lower(), ()) if number != port]
        if others:
            nearest = sorted(sorted(others, key=lambda number: abs(number - port))[:NEAR])
            found.append(Elsewhere(name, tuple(nearest), len(others) - len(nearest)))
    return tuple(found)

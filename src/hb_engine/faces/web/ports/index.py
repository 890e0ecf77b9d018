"""The registry and the list of threats, read once and turned round: by port, by service, by what was linked.

A port's page names the other ports of its service and of its threats, and the list of ports is filtered by name; both
would read the whole table for each request. It is built at the first question (about 60 ms) and kept.
"""

from __future__ import annotations

import functools

from hb_engine.model.assignment import Assignment
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

NAMED = ("assigned", "unconfirmed", "alias")
LONG = 64  # ports of a range that is entered port by port; longer ones are known by their first


class Index:
    """`names` are a port's service names by transport, in the registry's order; `services` and `threats` lead from a
    name (in lower case) to its ports; `linked` are all ports with a threat; `texts` are what is searched."""

    __slots__ = ("described", "known", "linked", "names", "services", "texts", "threats")

    def __init__(self, registry: Registry, threats: Threats) -> None:
        self.names: dict[int, dict[str, tuple[str, ...]]] = {}
        self.described: dict[int, str] = {}
        self.services: dict[str, tuple[int, ...]] = {}
        self.threats: dict[str, tuple[int, ...]] = {}
        for row in registry.all():
            if row.name and row.first is not None and row.status in NAMED:
                self._enter(row)
        linked: set[int] = set()
        for claim in threats.all():
            ports = range(claim.first, min(claim.last, claim.first + LONG) + 1)
            linked.update(range(claim.first, claim.last + 1))
            known = self.threats.get(claim.name.lower(), ())
            self.threats[claim.name.lower()] = tuple(sorted({*known, *ports[: 1 if len(ports) > LONG else None]}))
        self.linked = frozenset(linked)
        self.known = tuple(sorted({*self.names, *linked}))
        self.texts = {port: self._text(port) for port in self.names}

    def _text(self, port: int) -> str:
        names = [name for names in self.names[port].values() for name in names]
        return f"{port} {' '.join(names)} {self.described.get(port, '')}".lower()

    def _enter(self, row: Assignment) -> None:
        first = row.first or 0
        ports = range(first, min(row.last or first, first + LONG) + 1)
        for port in ports:
            by = self.names.setdefault(port, {})
            transport = row.transport or ""
            if row.name not in by.get(transport, ()):
                by[transport] = (*by.get(transport, ()), row.name)
            if row.description and port not in self.described:
                self.described[port] = row.description
        known = self.services.get(row.name.lower(), ())
        self.services[row.name.lower()] = tuple(sorted({*known, *(ports if len(ports) <= 1 else (first,))}))

    def name(self, port: int) -> str:
        """The first service name of a port; empty where there is none."""
        return next((names[0] for names in self.names.get(port, {}).values()), "")


@functools.lru_cache(maxsize=4)
def of(registry: Registry, threats: Threats) -> Index:
    """The index of some data, built once for each."""
    return Index(registry, threats)

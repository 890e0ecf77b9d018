"""The names that ports are registered by, by number: read out of the registry once, since it does not change.

A list of ports asks for thousands of them at a time, which the registry, made for one, would take a second for.
"""

from __future__ import annotations

from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.searching.folding import folded
from hb_engine.model.assignment import Assignment
from hb_engine.registry.assignments import Registry

NAMED = ("assigned", "alias", "unconfirmed")


class Names:
    """The registry's rows with a name, by their ports, and their words for searches."""

    def __init__(self, registry: Registry) -> None:
        self.rows: dict[int, list[Assignment]] = {}
        self._spans: dict[str, list[list[int]]] = {}
        for row in registry.all():
            if row.first is not None and row.name and row.status in NAMED:
                for number in range(row.first, (row.last or row.first) + 1):
                    self.rows.setdefault(number, []).append(row)
        self.words = {
            number: folded(" ".join([f"{row.name} {row.description}" for row in rows]))
            for number, rows in self.rows.items()
        }

    def spans(self, transport: str) -> list[list[int]]:
        """The numbers that have a name for a transport, as ranges: first and last of each."""
        if transport not in self._spans:
            found: list[list[int]] = []
            for number in sorted(self.rows):
                if not any(row.transport in (transport, None) for row in self.rows[number]):
                    continue
                if found and found[-1][1] == number - 1:
                    found[-1][1] = number
                else:
                    found.append([number, number])
            self._spans[transport] = found
        return self._spans[transport]


class Registered:
    """Names, made once for a registry: they do not change with what is seen."""

    _of: tuple[object, Names] | None = None

    @classmethod
    def of(cls, hub: Hub) -> Names:
        """The names that a hub's registry has."""
        if cls._of is None or cls._of[0] is not hub.registry:
            cls._of = hub.registry, Names(hub.registry)
        return cls._of[1]

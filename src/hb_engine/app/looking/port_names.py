"""Which ports a service's name means, for lists of ports: what the scan room may not look up by itself."""

from __future__ import annotations

from hb_engine.app import folders
from hb_engine.registry.assignments import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.assignment import Assignment


def lookup(registry: Registry | None = None) -> Callable[[str], tuple[tuple[str, int], ...]]:
    """A function from a name (* stands for any letters) to (transport, port). The registry is opened at need."""
    opened: list[Registry] = [registry] if registry else []

    def named(pattern: str) -> tuple[tuple[str, int], ...]:
        if not opened:
            opened.append(Registry.open(folders.data()))
        return ports_named(pattern, opened[0])

    return named


def ports_named(pattern: str, registry: Registry) -> tuple[tuple[str, int], ...]:
    """(transport, port) of each assignment whose name the pattern fits, by number. Raises DataError."""
    if "*" not in pattern:
        rows = registry.named(pattern)
    else:
        rows = tuple([row for row in registry.all() if fits(row.name.lower(), pattern.lower())])
    return tuple(sorted({place for row in rows for place in _places(row)}, key=lambda place: (place[1], place[0])))


def fits(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern. Each piece is looked for once, so that no pattern takes long."""
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    *middle, last = rest
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last) or not name:
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        found = name.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _places(row: Assignment) -> list[tuple[str, int]]:
    if row.first is None or row.transport is None or row.status not in ("assigned", "alias", "unconfirmed"):
        return []
    return [(row.transport, port) for port in range(row.first, (row.last or row.first) + 1)]

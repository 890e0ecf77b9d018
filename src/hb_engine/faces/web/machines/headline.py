"""A machine in a few numbers and its worst openings: what `hb` alone says, for one machine or for hundreds.

It refuses to call anything clean that was not seen: a machine with gaps says so in the same line as its numbers.
"""

from __future__ import annotations

from hb_engine.faces.web.machines.rows import Row, Rows, weight
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 30  # rows on the first page
FEW = 9  # of all machines together, where there are many
SCOPES = ("public", "private", "link", "loopback")


@record
class Rest:
    """What the first page leaves out of a machine: how many by scope, how many of them odd, of how many nobody could
    see who holds them, and whether a rule covers all of them."""

    scopes: tuple[tuple[str, int], ...]
    count: int
    odd: int
    blind: int
    expected: bool


def notable(rows: Rows, most: int = MOST) -> tuple[Row, ...]:
    """What a person should see of a machine: what is odd, and what can be reached from elsewhere."""
    found = [row for row in rows.shown if row.odd or row.state == "drift" or row.opening.scope != "loopback"]
    return tuple(found[:most])


def rest(rows: Rows, shown: Iterable[Row]) -> Rest:
    """What is left of a machine's openings."""
    told = {id(row) for row in shown}
    left = [row for row in rows.shown if id(row) not in told]
    counts = [(name, sum([row.opening.scope == name for row in left])) for name in SCOPES]
    return Rest(
        tuple([(name, count) for name, count in counts if count]),
        len(left),
        sum([row.odd for row in left]),
        sum([row.mark == "unseen" for row in left]),
        bool(left) and all(row.state == "expected" for row in left),
    )


def worst(machines: Iterable[Rows], most: int = FEW) -> tuple[tuple[Rows, Row], ...]:
    """The odd openings of all machines, the worst of all first, no more than three of one machine."""
    found = [(rows, row) for rows in machines for row in rows.shown[:3] if row.odd]
    found.sort(key=lambda one: weight(one[1]))  # stable: of what is as bad, the worse machine's first
    return tuple(found[:most])


def system(rows: Rows) -> str:
    """The system in short: Debian 12."""
    return rows.machine.seen.host.system.split(" (")[0].replace("GNU/Linux ", "")

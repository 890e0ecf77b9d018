"""What changed on all machines that history knows, the latest first.

await ask.hub.ask("changes", since=1_795_000_000.0, limit=100)
"""

from __future__ import annotations

from hb_engine.app.hub import past
from hb_engine.app.hub.questions import Question
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Change
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.store.sqlite.store import Sqlite

QUESTION = Question("changes", "what changed lately, on all machines")
MOST, MACHINES = 500, 500  # changes; machines that are asked about


@record
class Changed:
    """A change, and on which machine."""

    host: str
    change: Change


@record
class Changes:
    """Changes after a time, the latest first. Where there are none, `last` says when anybody looked last (None: never).

    `first` is the first look that is known: what changed before, nobody can say.
    """

    since: float
    changes: tuple[Changed, ...]
    more: int = 0  # changes that are left out
    first: float | None = None
    last: float | None = None
    others: int = 0  # machines that were not asked about


def answer(place: Place, since: float = 0.0, limit: int = 100, host: str = "") -> Changes:  # noqa: ARG001 -- as all have
    """The changes. Raises BadInput, DataError."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"{limit} changes cannot be told", f"Ask for 1 to {MOST}.")
    return past.asked(lambda store: of(store, since, limit, past.hosts(store, host)))


def of(store: Sqlite, since: float, limit: int, hosts: tuple[str, ...]) -> Changes:
    """The changes of some machines."""
    found: list[Changed] = []
    total = 0
    times = [store.bounds(name) for name in hosts[:MACHINES]]
    for name in hosts[:MACHINES]:
        told, count = store.latest(name, since, limit)
        found += [Changed(name, one) for one in told]
        total += count
    found.sort(key=lambda one: -one.change.at)
    return Changes(
        since,
        tuple(found[:limit]),
        total - len(found[:limit]),
        min([first for first, _ in times if first is not None], default=None),
        max([last for _, last in times if last is not None], default=None),
        max(len(hosts) - MACHINES, 0),
    )

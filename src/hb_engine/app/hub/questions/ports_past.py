"""On which ports anything was ever seen, and since when anybody looks: of every other port that is all there is to say.

Most of the 65,536 pages are of such ports. One answer is good for all of them, and for as long as a sight is.
"""

from __future__ import annotations

from hb_engine.app.hub import past
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.questions.port_past import MACHINES, Looked
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.store.sqlite.store import Sqlite

QUESTION = Question("ports-past", "on which ports anything was ever seen, and when anybody looked")


@record
class PortsPast:
    """Ports that have spans, by number; `machines` have been looked at, and are no more than are asked about."""

    ports: tuple[int, ...]
    machines: tuple[Looked, ...]
    others: int = 0  # machines that were not asked about


def answer(place: Place) -> PortsPast:  # noqa: ARG001 -- as all have
    """The ports of all machines. Raises BadInput where there is no history, DataError."""
    return past.asked(_of)


def _of(store: Sqlite) -> PortsPast:
    hosts = store.hosts()
    asked = hosts[:MACHINES]
    machines = tuple([Looked(name, *store.bounds(name)) for name in asked])
    return PortsPast(store.ports(asked), machines, len(hosts) - len(asked))

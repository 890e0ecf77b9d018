"""What was ever seen on a port, on one machine or on all that history knows, the latest first.

await ask.hub.ask("port-past", port=1703, transport="tcp", host="web-17")
"""

from __future__ import annotations

from hb_engine.app.hub import past
from hb_engine.app.hub.questions import Question
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Span
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.store.sqlite.store import Sqlite

QUESTION = Question("port-past", "what was ever seen on a port, and when anybody looked")
MOST, MACHINES = 200, 500  # spans; machines that are asked about


@record
class Looked:
    """Since when a machine is looked at, and when last; `seen` is how many spans it has on the port."""

    host: str
    first: float | None
    last: float | None
    seen: int = 0


@record
class PortPast:
    """A port's spans. Where there are none, `machines` says of which machines and times that is said."""

    port: int
    transport: str  # "" for any
    spans: tuple[Span, ...]
    machines: tuple[Looked, ...]
    more: int = 0  # spans that are left out
    others: int = 0  # machines that were not asked about


def answer(place: Place, port: int, transport: str = "", host: str = "") -> PortPast:  # noqa: ARG001 -- as all have
    """The spans of a port. Raises BadInput, DataError."""
    if not 0 <= port <= 65535:
        raise BadInput(f"there is no port {port}", "Ports are numbers from 0 to 65535.")
    if transport and transport not in TRANSPORTS:
        raise BadInput(f"there is no transport {transport!r}", f"It is one of {', '.join(TRANSPORTS)}.")
    return past.asked(lambda store: of(store, port, transport, past.hosts(store, host)))


def of(store: Sqlite, port: int, transport: str, hosts: tuple[str, ...]) -> PortPast:
    """The spans of a port on some machines."""
    spans: list[Span] = []
    machines: list[Looked] = []
    for name in hosts[:MACHINES]:
        found, count = store.port(name, transport, port, MOST)
        machines.append(Looked(name, *store.bounds(name), count))
        spans += found
    spans.sort(key=lambda one: (one.gone_at is not None, -one.last_seen, -one.first_seen, one.host, one.opening.key))
    total = sum(one.seen for one in machines)
    told = tuple(spans[:MOST])
    return PortPast(port, transport, told, tuple(machines), total - len(told), max(len(hosts) - MACHINES, 0))

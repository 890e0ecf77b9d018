"""The audit log, a page of it at a time, the newest first: how each decision went, and whether the chain holds."""

from __future__ import annotations

from hb_engine.app.hub import audit as log
from hb_engine.app.hub import standing
from hb_engine.app.hub.audit import Chain
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.standing import Standing
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place

QUESTION = Question("audit", "decisions that were written, refused or taken back")
LARGEST = 200


@record
class Read:
    """A page of the log. `count` is how many attempts there are, on all of its pages."""

    path: str
    chain: Chain
    rows: tuple[Standing, ...] = ()
    count: int = 0


def answer(place: Place, page: int = 1, size: int = 50, number: int = 0) -> Read:  # noqa: ARG001 - as all answers
    """A page of it, or the attempt that one line began (`number`). Raises DataError where it cannot be read."""
    where = log.path()
    chain, _ = log.read(where)
    newest = chain.attempts[::-1]
    size = min(max(int(size), 1), LARGEST)
    first = (max(int(page), 1) - 1) * size
    chosen = set(newest[first : first + size]) if not number else {*newest}
    _, entries = log.read(where, chosen)
    found = [one for one in entries if not number or (one.of or one.number) == number]
    recent = log.tail(where) if found else ()
    undone = chain.undone | standing.undone_of(recent)
    rows = standing.standings(found[::-1], undone, standing.last_of(recent))
    return Read(where, chain, rows, len(newest))

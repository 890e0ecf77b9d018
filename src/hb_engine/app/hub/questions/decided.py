"""Whether a decision was written already, by the ticket that its form carries: the number of its line, 0 for none."""

from __future__ import annotations

from hb_engine.app.hub import audit
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.standing import begun_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place

QUESTION = Question("decided", "whether a decision was written already")


def answer(place: Place, ticket: str) -> int:  # noqa: ARG001 - as all answers
    """The number of the line that began it; 0 where nothing of that ticket was written. Raises DataError."""
    found = begun_again(audit.tail(audit.path()), ticket) if ticket else None
    return found.number if found else 0

"""Count that a port's page was useful to somebody here, or was not.

It changes no rule and tells nobody: two numbers in a file of hb's own, so that a session that may only look may say it.
"""

from __future__ import annotations

from hb_engine.app.hub import votes
from hb_engine.app.hub.questions import Place, Question
from hb_engine.model.errors import BadInput

QUESTION = Question("useful", "note whether a port's page was useful")


def answer(place: Place, port: int = -1, useful: bool | None = None) -> votes.Votes:  # noqa: ARG001
    """How the page stands now. Raises BadInput, CannotLook, DataError."""
    if not isinstance(useful, bool):
        raise BadInput("whether the page was useful is yes or no", "Use the buttons at the end of the page.")
    return votes.add(port, useful=useful)

"""How often pages were useful, as people at this machine said."""

from __future__ import annotations

from hb_engine.app.hub import votes
from hb_engine.app.hub.questions import Place, Question

QUESTION = Question("useful-count", "how often ports' pages were useful")


def answer(place: Place) -> tuple[votes.Votes, ...]:  # noqa: ARG001  (every question has a place)
    """Every page that was judged, the latest last."""
    return votes.kept()

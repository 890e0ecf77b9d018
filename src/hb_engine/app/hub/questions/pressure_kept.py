"""What is kept of SANS ISC's counts of a port; nobody is asked for it."""

from __future__ import annotations

from hb_engine.app.hub import scanned
from hb_engine.app.hub.questions import Place, Question

QUESTION = Question("pressure-kept", "what is kept of how hard the Internet scans a port")


def answer(place: Place, port: int = -1) -> scanned.Kept:  # noqa: ARG001  (every question has a place)
    """The counts that are kept, and whether more may be asked for. Raises BadInput."""
    return scanned.kept(port)

"""Ask SANS ISC how hard the Internet scans a port: only ever because a person pressed the button for it.

It changes no rule, so that a session that may only look may ask; what it writes is the cache that the service's terms
call for.
"""

from __future__ import annotations

from hb_engine.app.hub import scanned
from hb_engine.app.hub.questions import Place, Question

QUESTION = Question("pressure", "how hard the Internet scans a port: asks SANS ISC", slow=True)


def answer(place: Place, port: int = -1) -> scanned.Kept:  # noqa: ARG001  (every question has a place)
    """The counts of the last days. Raises BadInput, TooSoon, Unreachable, DataError."""
    return scanned.ask(port)

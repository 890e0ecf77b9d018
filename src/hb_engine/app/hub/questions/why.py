"""The story of one opening of this machine, looked at anew: what `hb why` tells, with the evidence that takes rights.

A page has the opening as the last look showed it. Here it is asked for by its port, or by its process's name where it
has no port, and told with digest and size of what runs, its unit's file, and what it speaks where that is wanted. It
refuses to find what was not asked for: only openings with the key that was named come back, and none is an answer too.
"""

from __future__ import annotations

from hb_engine.app.hub.questions import Question
from hb_engine.app.looking.why import Story
from hb_engine.app.looking.why import why as story
from hb_engine.model.endpoint import TRANSPORTS
from hb_engine.model.errors import BadInput
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place

QUESTION = Question("why", "the story of one opening of this machine, looked at anew", slow=True)
LONGEST = 200  # characters of a process's name
HINT = "This is a fault of hb serve, or somebody tries it out."


def answer(
    place: Place, *, key: str = "", port: int | None = None, transport: str = "", name: str = "", speak: bool = False
) -> Story:
    """The story of the openings with this key; with no key, of all of that port or process.

    `speak` has them asked what they speak, over this machine's own addresses. Raises BadInput, CannotLook, DataError.
    """
    text = asked(port, transport, name)
    found = story(text, ask=bool(speak))
    openings = tuple([one for one in found.openings if key in ("", one.key) and transport in ("", one.transport)])
    keys = {one.key for one in openings}
    return replace(
        found,
        openings=openings,
        details={one: _of(place, said) for one, said in found.details.items() if one in keys},
        spoken=None if found.spoken is None else {one: said for one, said in found.spoken.items() if one in keys},
    )


def asked(port: object, transport: object, name: object) -> str:
    """What hb why is asked for: a port by its number, else a name. Raises BadInput for what is neither."""
    if transport not in ("", *TRANSPORTS):
        raise BadInput("there is no such transport", HINT)
    if isinstance(port, int) and not isinstance(port, bool) and 0 <= port <= 65535:
        return str(port)
    if port is None and isinstance(name, str) and 0 < len(name) <= LONGEST and name.isprintable():
        return name
    raise BadInput("a story is asked for by a port from 0 to 65535, or by a process's name", HINT)


def _of(place: Place, details: dict[str, str]) -> dict[str, str]:
    """Details without the word of a baseline that is not the one that this hb serve was started with."""
    return {word: text for word, text in details.items() if word != "rule" or not place.baseline}

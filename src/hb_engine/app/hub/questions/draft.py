"""What a decision would write, and what would be decided then. Nothing is written."""

from __future__ import annotations

from hb_engine.app.hub import deciding, wishes
from hb_engine.app.hub.questions import Question
from hb_engine.app.hub.wishes import Asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.deciding import Changed, Draft, Refused
    from hb_engine.app.hub.questions import Place

QUESTION = Question("draft", "what a decision would write, and what it would come to", slow=True)


def answer(
    place: Place,
    *,
    key: str = "",
    host: str = "",
    seen: str = "",
    decision: str = "",
    why: str = "",
    owner: str = "",
    until: str = "",
    days: str = "",
    review: str = "",
    only: str = "",
    scope: str = "",
    file: str = "",
    accepts: tuple[str, ...] = (),
) -> Draft | Refused | Changed:
    """The draft, or what is wrong with it, or what changed since it was shown; the words are wishes.Asked's.

    Raises BadInput, CannotLook, DataError.
    """
    one = wishes.checked(
        Asked(key, host, seen, decision, why, owner, until, days, review, only, scope, file, tuple(accepts))
    )
    ready = deciding.prepare(place, one, deciding.machines(place))
    return ready.draft if isinstance(ready, deciding.Ready) else ready

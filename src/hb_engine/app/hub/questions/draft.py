"""What a decision would write, and what would be decided then. Nothing is written."""

from __future__ import annotations

from hb_engine.app.hub import deciding, wishes
from hb_engine.app.hub.questions import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.app.hub.deciding import Changed, Draft, Refused
    from hb_engine.app.hub.questions import Place

QUESTION = Question("draft", "what a decision would write, and what it would come to")


def answer(place: Place, **words: Any) -> Draft | Refused | Changed:
    """The draft, or what is wrong with it, or what changed since it was shown; the words are wishes.Asked's.

    Raises BadInput, CannotLook, DataError.
    """
    one = wishes.asked(words)
    ready = deciding.prepare(place, one, deciding.machines(place))
    return ready.draft if isinstance(ready, deciding.Ready) else ready

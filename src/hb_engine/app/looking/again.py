"""Judging a look once more with more known of it: what openings said, and when they were first seen.

It looks at nothing and asks nobody, and whatever stood against an opening before still does.
"""

from __future__ import annotations

from hb_engine.app.looking.look import Bench

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hb_engine.app.remembering.history import Known
    from hb_engine.model.answer import Answer
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening


def again(
    seen: Inventory, openings: Sequence[Opening], answers: Mapping[str, Answer], known: Known | None = None
) -> tuple[Opening, ...]:
    """Some openings of a look, in their order, judged by what they said, by key, and by what history knows of them.

    Without either they stay as they are; an opening that is not one of the look's own keeps its verdict.
    """
    if not answers and not (known and known.first_seen):
        return tuple(openings)
    judged = Bench().judged(seen, answers, known)
    new = {id(before): after for before, after in zip(seen.openings, judged.openings, strict=True)}
    return tuple([new.get(id(opening), opening) for opening in openings])

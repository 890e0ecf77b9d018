"""Judging once more what was asked what it speaks: rules about answers have nothing to go by before.

It looks at nothing and asks nobody: the same look is judged with more known of it.
"""

from __future__ import annotations

from hb_engine.app.look import Bench

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hb_engine.model.answer import Answer
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening


def again(seen: Inventory, openings: Sequence[Opening], answers: Mapping[str, Answer]) -> tuple[Opening, ...]:
    """Some openings of a look, in their order, judged by what they said, by key. Without answers they stay as they are.

    An opening that is not one of the look's own keeps its verdict.
    """
    if not answers:
        return tuple(openings)
    judged = Bench().judged(seen, answers)
    new = {id(before): after for before, after in zip(seen.openings, judged.openings, strict=True)}
    return tuple([new.get(id(opening), opening) for opening in openings])

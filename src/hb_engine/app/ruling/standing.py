"""What the baseline says of each opening, for pages that are about something else: hb, hb ls, hb why.

It is a remark there, so it costs nothing where there is no baseline, asks nobody what speaks, and whatever is wrong
with the rules is hb check's and hb lint's to tell: these pages go on without. It refuses rules that others may write: a
stranger's folder must not call anything expected.
"""

from __future__ import annotations

import os

from hb_engine.app.ruling.located import locate
from hb_engine.model.errors import HbError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.model.answer import Answer
    from hb_engine.model.decision import Decision  # noqa: TC004 (a record keeps the names of types alone)
    from hb_engine.model.inventory import Inventory

LARGEST = 256 << 10  # bytes of rules, some 1,500: more take longer to read than the look itself


@record
class Standing:
    """The baseline's word on an opening; `debt`: no rule is about it, and it was there before anybody decided."""

    decision: Decision
    debt: bool = False


def standings(seen: Inventory, answers: Mapping[str, Answer] | None = None) -> dict[str, Standing] | None:
    """The word on each opening of this machine, by its key; None where there is no baseline, none to
    rely on, or one so large that a remark would cost more than the page."""
    try:
        folder = locate()
        if folder is None or _size(folder) > LARGEST:
            return None
        return _standings(seen, answers or {})
    except (HbError, OSError):  # OSError: this folder was taken away
        return None


def _size(folder: str) -> int:
    """Bytes of a folder's files."""
    with os.scandir(folder) as found:
        return sum([entry.stat().st_size for entry in found if entry.is_file()])


def _standings(seen: Inventory, answers: Mapping[str, Answer]) -> dict[str, Standing] | None:
    from hb_engine.app.ruling.baseline import load  # only where there is a baseline
    from hb_engine.app.ruling.check import decider
    from hb_engine.judge.comparing import Memory
    from hb_engine.judge.drift import own

    loaded = load(host=seen.host.name)
    if loaded.unsafe:
        return None
    memory = Memory(own(loaded.lock, seen.host)[0], {}, seen.openings)
    words = decider(loaded, seen)
    found = {}
    for opening in seen.openings:
        decision = words.decide(opening, answers.get(opening.key))
        debt = decision.word == "unmatched" and memory.is_debt(opening, seen.taken_at)
        found[opening.key] = Standing(decision, debt)
    return found


def sentence(standing: Standing) -> str:
    """The word with its reason, where the rule stands, who owns it and what for. Unescaped."""
    decision, rule = standing.decision, standing.decision.rule
    told = decision.detail or decision.word
    if standing.debt:
        told = f"{told}; it was there before anybody decided, and nobody has reviewed it"
    if rule is None or decision.word == "unmatched":
        return told
    owner = f", owner {rule.owner}" if rule.owner else ""
    place = f" ({rule.where.file}:{rule.where.line}{owner})" if rule.where.file else ""
    return f"{told}{place}{': ' if rule.why else ''}{rule.why}"

"""The port is listed as one that malicious programs listen on, and nothing vouches for what listens there now.

A list match alone proves nothing: lists repeat each other, and each number has honest users. So this speaks only
where the owner is itself in doubt: in no package, deleted, in memory only, a bare relay tool, a script of no package,
or nobody.
"""

from __future__ import annotations

from hb_engine.judge.doubt import doubt_of
from hb_engine.judge.kit import Facts, Rule, ask, milder, place, quote, reaches_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.assignment import Threat
    from hb_engine.model.verdict import Reason

RULE = Rule(
    "threat-listed-unexpected",
    "medium",
    "A port that has been listed as used by malicious listeners is held by something that nothing vouches for.",
    (
        "A service of one's own on a number that an old list also names; a baseline rule says so once.",
        "Lists of trojans' ports are decades old, and copy one another.",
    ),
)
CONFIDENCES = ("high", "medium", "low")


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    # A port that the kernel chose meets a list by chance.
    listed = () if opening.ephemeral else tuple([threat for threat in facts.threats if threat.direction == "listen"])
    if not listed:
        return
    doubt = doubt_of(facts)
    if doubt:
        weak = all(threat.confidence == "low" for threat in listed) or not reaches_others(opening)
        yield RULE.reason(
            f"{place(opening)} has been listed as used by {_names(listed)}, and {doubt}",
            *[f"{quote(t.name)} ({t.kind}, {t.confidence} confidence): {quote(t.source)}" for t in listed[:4]],
            "a match alone proves nothing: lists repeat each other",
            remedy=f"find out what it is before anything else: {ask(opening)}",
            severity=milder(RULE.severity) if weak else "",
        )


def _names(listed: tuple[Threat, ...]) -> str:
    best = min(
        listed, key=lambda threat: CONFIDENCES.index(threat.confidence) if threat.confidence in CONFIDENCES else 3
    )
    more = f" and {len(listed) - 1} more" if len(listed) > 1 else ""
    return f"{quote(best.name)} ({best.kind}, {best.confidence} confidence){more}"

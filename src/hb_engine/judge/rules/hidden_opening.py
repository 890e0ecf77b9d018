"""A port is in use, and none of the kernel's lists shows by whom.

Whoever hides a socket changes what lists it, and not what bind(2) does with its port. Root kits do that; honest
programs have no way to and no reason. What was asked, how often, and what answered stands in the opening's notes.

It lasts: no baseline's rule was written for what its author could not see.
"""

from __future__ import annotations

from hb_engine.judge.kit import Facts, Rule, ask, place, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "hidden-opening",
    "critical",
    "The kernel keeps a port occupied that none of its own lists shows.",
    (
        "A service inside the kernel that takes a port and lists no socket for it.",
        "A program that opened and closed the same port again and again just while it was asked for.",
    ),
    lasting=True,
)
HIDDEN = "hidden"  # the collector's flag


def judge(facts: Facts) -> Iterator[Reason]:
    opening = facts.opening
    if HIDDEN in opening.flags:
        yield RULE.reason(
            f"{place(opening)} is in use, and no list of the kernel shows by whom",
            *[quote(note) for note in opening.notes[:4]],
            remedy=f"look again ({ask(opening)}); if it stays, trust nothing that this machine says of itself: keep "
            "its memory and disk, and listen to its traffic from another machine",
        )

"""It was not there when this machine's history began.

What an installation opened is there from the first look on; what came later was opened by somebody or something. That
is no reproach, and the day is what every further question begins with. Where nothing vouches for the owner and others
reach it, the first week is worth a look.
"""

from __future__ import annotations

from hb_engine.judge.doubt import doubt_of
from hb_engine.judge.kit import Facts, Rule, ask, serves_others
from hb_engine.wire.dates import DAY, iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.model.verdict import Reason

RULE = Rule(
    "opened-later",
    "info",
    "History first shows the opening well after it began to look.",
    (
        "A service that was installed, or a port that was moved, on purpose.",
        "A program that is seldom running, and was not when the first looks were taken.",
    ),
)
SETTLING = DAY  # after the first look: what is started once a day has been seen by then
FRESH = 7 * DAY


def judge(facts: Facts) -> Iterator[Reason]:
    opening, first, since = facts.opening, facts.first_seen, facts.looking_since
    if first is None or since is None or first - since < SETTLING or opening.ephemeral:
        return
    fresh = facts.now is not None and facts.now - first <= FRESH
    doubt = doubt_of(facts) if fresh and serves_others(opening) else ""
    yield RULE.reason(
        f"was opened later: history first shows it at {iso(first)}" + (f", and {doubt}" if doubt else ""),
        f"this machine's history begins at {iso(since)}",
        remedy=f"ask what happened then: {ask(opening)}",
        severity="low" if doubt else "",
    )

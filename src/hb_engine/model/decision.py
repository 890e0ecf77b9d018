"""What a baseline says of one opening, and how it came to say so."""

from __future__ import annotations

from hb_engine.model.baseline import Rule
from hb_engine.model.opening import Opening
from hb_engine.model.record import record

# What holding one rule against one opening comes to. "place" is listen without its scope.
OUTCOMES = (
    "covers",  # it is about this opening, and all of it fits
    "other-place",  # another port, transport or namespace
    "wider",  # it reaches further than the rule allows
    "other-owner",  # somebody else holds it
    "owner-unseen",  # who holds it could not be seen, so the rule cannot be said to fit
    "speaks-else",  # another service speaks
    "weaker",  # the service speaks, with an older TLS, another certificate or version than the rule wants
    "speech-unseen",  # what speaks was not asked, or could not be found out
    "expired",
    "outside-window",
    "other-host",  # it is for other machines
)
WORDS = (
    "expected",  # an allow or require covers it
    "forbidden",
    "widened",
    "owner-changed",
    "speaks-else",
    "weakened",
    "expired",
    "out-of-window",
    "unseen",  # it would be expected if what could not be seen fits
    "unmatched",  # no rule is about it
)


@record
class Step:
    """One rule held against one opening: what came of it, and why in a phrase."""

    rule: Rule
    outcome: str  # one of OUTCOMES
    detail: str = ""


@record
class Decision:
    """The baseline's word on one opening; `rule` is what decided, or came nearest. `steps` only where they were asked
    for."""

    opening: Opening
    word: str  # one of WORDS
    rule: Rule | None = None
    detail: str = ""
    muted: str = ""  # the name of a window in which drift is recorded and not told
    steps: tuple[Step, ...] = ()

"""Verdicts over an inventory: what differs from the baseline, how badly, why probably, and what to do.

A verdict has a kind (what happened) and a state (what it counts as): drift is news, debt was there before anybody
decided, a note is for the record, unseen could not be checked, muted falls into a window, accepted is a finding that a
rule covers.
"""

from __future__ import annotations

from hb_engine.model.baseline import Where
from hb_engine.model.inventory import Coverage, Host
from hb_engine.model.opening import Opening
from hb_engine.model.record import record

DRIFTS = (
    "new",  # open, and no rule is about it
    "gone",  # a rule requires it, and it is not there, where it would have been seen
    "widened",  # it reaches further than it may, or than it did
    "owner-changed",  # somebody else holds the port
    "speaks-else",  # another service speaks there
    "weakened",  # the expected service, with TLS, certificate or version that the rule does not want
    "expired",  # the rule that allowed it has ended
    "hidden",  # the kernel knows it, and its lists do not show it
    "forbidden",
    "out-of-window",  # open at a time at which its rule does not hold
    "pinned-changed",  # a fact that its rule pins is another
    "suspicious",  # a rule covers it, and the evidence is of a kind that no rule covers
)
NOTES = (
    "changed",  # a fact of hb.lock is another, and no rule pins it
    "vanished",  # it was observed, no rule requires it, and it is not there
    "review-due",  # a rule must be confirmed again
    "learning",  # what is new is debt, until a time
    "foreign-lock",  # hb.lock holds nothing of this machine, or is of another machine of this name
    "unsafe-baseline",  # others may write the rules
    "not-seen",  # something a rule needs could not be looked at
)
KINDS = (*DRIFTS, *NOTES)
STATES = ("drift", "debt", "note", "unseen", "muted", "accepted")


@record
class Cause:
    """What probably led to it, from the machine's own records. `at` is seconds since the epoch."""

    at: float
    text: str
    source: str  # the file that says so
    kind: str = ""  # one of model.event.EVENTS


@record
class Verdict:
    """One difference. `rule` is the id of the baseline's rule, or the name of the judge's, that it is about."""

    kind: str  # one of KINDS
    state: str  # one of STATES
    severity: str  # one of model.verdict.SEVERITIES
    key: str  # the opening's; for gone, transport/scope/port of what is required
    reason: str
    host: str = ""
    opening: Opening | None = None
    rule: str = ""
    where: Where | None = None  # of the baseline's rule
    owner: str = ""  # who owns that decision
    why: str = ""  # and what for
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    causes: tuple[Cause, ...] = ()
    since: float | None = None  # when it was first seen so


@record
class Held:
    """A rule that is for this machine, and how it fared: the keys of the openings that it covers."""

    rule: str  # its id
    kind: str  # one of model.baseline.RULE_KINDS
    where: Where | None = None
    owner: str = ""
    why: str = ""
    keys: tuple[str, ...] = ()


@record
class Report:
    """One machine held against a baseline. `expected` counts openings that rules cover."""

    host: Host
    taken_at: float
    coverage: Coverage
    verdicts: tuple[Verdict, ...] = ()  # the worst first
    openings: int = 0
    expected: int = 0
    rules: int = 0  # that are for this machine
    baseline: str = ""  # the folder
    source: str = ""  # the file that was judged; empty for this machine
    held: tuple[Held, ...] = ()  # every rule that is for this machine, in the order of the baseline

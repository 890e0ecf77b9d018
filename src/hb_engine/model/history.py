"""What was: openings as intervals between looks. Between two looks nobody knows, and these values say so."""

from __future__ import annotations

from hb_engine.model.inventory import Gap
from hb_engine.model.opening import Opening
from hb_engine.model.record import record

CHANGES = ("opened", "closed", "widened", "narrowed", "owner", "facts")


@record
class Look:
    """One look that was recorded. `asked` tells how much it could see: looks of one kind are compared."""

    id: int
    host: str
    taken_at: float  # seconds since the epoch
    boot_id: str = ""
    privileged: bool = False
    openings: int = 0
    gaps: tuple[Gap, ...] = ()


@record
class Span:
    """An opening, from the look that first showed it to the last one that did.

    It opened after `before` (the look before, None where there was none) and not later than `first_seen`; it closed
    after `last_seen` and not later than `gone_at` (None while it is open, or where no later look could tell).
    """

    host: str
    opening: Opening
    first_seen: float
    last_seen: float
    before: float | None = None
    gone_at: float | None = None


@record
class Stay:
    """When a span was there, without what was there: what Span says of its times."""

    first_seen: float
    last_seen: float
    before: float | None = None
    gone_at: float | None = None


@record
class Change:
    """A difference between looks: one of CHANGES. `at` is the look that showed it, `after` the one before."""

    at: float
    kind: str
    opening: Opening  # as it is now; for closed, as it was
    previous: Opening | None = None
    after: float | None = None


@record
class KeyChange:
    """A change by keys alone; `was` is the key before, None where there was none."""

    at: float
    kind: str
    key: str
    was: str | None = None


@record
class News:
    """What is told in passing: the time of the last look (None: nobody looked), changes since a time, what is open."""

    last: float | None
    changes: tuple[KeyChange, ...] = ()
    open: frozenset[str] = frozenset()


@record
class Moment:
    """What was open at a time, by the last look before it; `until` is the next look, None where there is none yet."""

    asked: float
    look: Look
    openings: tuple[Opening, ...]
    until: float | None = None


@record
class Presence:
    """How constantly an opening was there: looks that showed it, of those that would have; on how many days, boots."""

    opening: Opening
    first_seen: float
    last_seen: float
    shown: int
    asked: int
    days: int
    boots: int

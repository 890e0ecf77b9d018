"""How constantly an opening was there: its spans held against the looks that would have shown it.

Looks are many (a hundred thousand in a year of one each five minutes) and of few kinds, so those of each kind are
counted once, as running sums, and a span costs two searches for each kind. What was seen in a look that need not have
shown it counts neither for nor against.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from hb_engine.model.coverage import would_show
from hb_engine.model.history import Presence
from hb_engine.model.record import record
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hb_engine.model.history import Span
    from hb_engine.model.inventory import Coverage


@record
class Glance:
    """One look, as far as it matters here. `kind` is a number for its coverage."""

    taken_at: float
    kind: int
    boot_id: str = ""


def presence(
    spans: Iterable[tuple[str, Span]], looks: Sequence[Glance], kinds: dict[int, Coverage]
) -> tuple[Presence, ...]:
    """Of each key one, in the order of keys. `spans` are with their keys, `looks` in the order of time."""
    calendar = _Calendar(looks)
    found: dict[str, list[Span]] = {}
    for key, span in spans:
        found.setdefault(key, []).append(span)
    return tuple([_of(sorted(found[key], key=lambda span: span.first_seen), calendar, kinds) for key in sorted(found)])


class _Calendar:
    def __init__(self, looks: Sequence[Glance]) -> None:
        self.times = [look.taken_at for look in looks]
        self.by_kind: dict[int, list[float]] = {}
        self.days = [int(look.taken_at // DAY) for look in looks]
        self.boots = [look.boot_id for look in looks]
        for look in looks:
            self.by_kind.setdefault(look.kind, []).append(look.taken_at)

    def count(self, kind: int, first: float, last: float) -> int:
        """How many looks of a kind there were from a time to another, both included."""
        times = self.by_kind[kind]
        return bisect_right(times, last) - bisect_left(times, first)

    def between(self, first: float, last: float) -> slice:
        """The looks from a time to another."""
        return slice(bisect_left(self.times, first), bisect_right(self.times, last))


def _of(spans: list[Span], calendar: _Calendar, kinds: dict[int, Coverage]) -> Presence:
    last = spans[-1]
    shows = [kind for kind in calendar.by_kind if would_show(kinds[kind], last.opening)]
    days: set[int] = set()
    boots: set[str] = set()
    shown = 0
    for span in spans:
        there = calendar.between(span.first_seen, span.last_seen)
        days.update(calendar.days[there])
        boots.update(calendar.boots[there])
        shown += sum([calendar.count(kind, span.first_seen, span.last_seen) for kind in shows])
    asked = sum([len(calendar.by_kind[kind]) for kind in shows])
    return Presence(
        last.opening, spans[0].first_seen, max([span.last_seen for span in spans]), shown, asked, len(days), len(boots)
    )

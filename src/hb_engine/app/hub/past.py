"""History as questions ask for it: opened, asked, closed; and whether a day was open, closed, or nobody looked.

"Nobody looked" is not "closed": a day counts as closed only if a look of that day would have shown the opening
(model/coverage.py, `would_show`), and as open only if one did. A span that goes on over days without a look says
nothing about them.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from itertools import pairwise

from hb_engine.app.remembering import history
from hb_engine.model.coverage import would_show
from hb_engine.model.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from hb_engine.store.sqlite.glimpses import KeyTimes, Strip
    from hb_engine.store.sqlite.store import Sqlite

    Marks = tuple[tuple[int, int, int] | None, ...]
    Told = TypeVar("Told")

OPEN, CLOSED, NOBODY = "o", "c", "-"  # of a day
LONGEST = 400  # days


def asked(ask: Callable[[Sqlite], Told]) -> Told:
    """What history answers. Raises BadInput where there is none, DataError for one in trouble."""
    store = history.open_sqlite()
    if store is None:
        raise history.NOTHING
    try:
        return ask(store)
    finally:
        store.close()


def marks() -> Marks | None:
    """What changes where the file does: it and its log; None where that cannot be told."""
    where = history.path()
    if where is None:
        return None
    found: list[tuple[int, int, int] | None] = []
    for name in (where, f"{where}-wal"):
        try:
            told = os.stat(name)
        except FileNotFoundError:
            found.append(None)
        except OSError:
            return None
        else:
            found.append((told.st_ino, told.st_size, told.st_mtime_ns))
    return tuple(found)


def hosts(store: Sqlite, host: str) -> tuple[str, ...]:
    """The machine that is meant, or all. Raises BadInput for one that history does not know."""
    known = store.hosts()
    if not host:
        return known
    if host not in known:
        raise BadInput(f"history knows no machine {host!r}", "Looks of it are kept by hb record, on that machine.")
    return (host,)


def days(now: float, count: int) -> tuple[float, ...]:
    """When each of the last days began, in local time, the first first; and when the last one ends, tomorrow."""
    import time  # only hb serve

    today = time.localtime(now)
    edges = [
        (today.tm_year, today.tm_mon, today.tm_mday - back, 0, 0, 0, 0, 0, -1) for back in range(count - 1, -2, -1)
    ]
    return tuple([time.mktime(edge) for edge in edges])


class Calendar:
    """Days between edges, with the looks of each."""

    def __init__(self, edges: Sequence[float], strip: Strip) -> None:
        self._edges, self._kinds = edges, dict(strip.kinds)
        self._looks: dict[int, list[float]] = {kind: [] for kind in self._kinds}
        for at, kind in strip.looks:
            self._looks[kind].append(at)
        self._asked: dict[tuple[int, ...], list[int]] = {}

    @property
    def looked(self) -> tuple[int, ...]:
        """How many looks there were on each day."""
        return tuple(self._of(tuple(self._kinds)))

    def states(self, one: KeyTimes) -> str:
        """A letter for each day: OPEN, CLOSED or NOBODY."""
        counts = self._of(tuple([kind for kind, told in self._kinds.items() if would_show(told, one.opening)]))
        days = [CLOSED if count else NOBODY for count in counts]
        for span in one.spans:
            first, last = self._day(span.first_seen), self._day(span.last_seen)
            for number in range(max(first, 0), min(last, len(days) - 1) + 1):
                # A look showed it on the first day and on the last; in between, those that would have shown it did.
                if number in (first, last) or counts[number]:
                    days[number] = OPEN
        return "".join(days)

    def _day(self, at: float) -> int:
        """The number of a day; -1 before the first."""
        return bisect_right(self._edges, at) - 1

    def _of(self, kinds: tuple[int, ...]) -> list[int]:
        """How many looks of some kinds there were on each day. Most keys share one answer."""
        if kinds not in self._asked:
            looks = sorted([at for kind in kinds for at in self._looks[kind]])
            places = [bisect_left(looks, edge) for edge in self._edges]
            self._asked[kinds] = [after - before for before, after in pairwise(places)]
        return self._asked[kinds]

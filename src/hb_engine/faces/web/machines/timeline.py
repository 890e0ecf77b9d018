"""Ninety days of an opening, or of a machine, as a strip: each day open, closed, or a day on which nobody looked.

The days come from history (app/hub/questions/machine_past.py), a letter for each: this draws them and claims nothing
more. Three states differ by shape before they differ by colour, and days with changes have a mark that leads there.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hb_engine.app.hub.questions.machine_past import KeyPast, Past
    from hb_engine.model.history import Change

OPEN, CLOSED, UNSEEN = "open", "closed", "unseen"
LETTERS = {"o": OPEN, "c": CLOSED}  # of app/hub/past.py; any other is unseen
WIDTH, TALLEST = 10, 10  # of a day, in the picture's units; of a mark


@record
class Day:
    """One day: when it begins, its state, and how many changes it had."""

    start: float
    state: str
    changes: int = 0

    @property
    def name(self) -> str:
        """The day in an address: 2026-11-22."""
        return day_name(self.start)


@record
class Run:
    """Days in a row with one state, as a rectangle: `first` and `last` are the days, x and width in units."""

    state: str
    first: Day
    last: Day
    x: int
    width: int


@record
class Tick:
    """A day with changes, as a mark: its middle, and how tall it is by their count, 1 to TALLEST."""

    day: Day
    x: int
    tall: int


@record
class Strip:
    """A strip ready to be drawn."""

    days: tuple[Day, ...]
    runs: tuple[Run, ...]
    ticks: tuple[Tick, ...]
    width: int

    @property
    def counts(self) -> dict[str, int]:
        """How many days of each state there are."""
        states = [day.state for day in self.days]
        return {state: states.count(state) for state in (OPEN, CLOSED, UNSEEN)}


def of_key(past: Past, one: KeyPast, changes: Iterable[Change]) -> Strip:
    """The strip of one opening, with its own changes."""
    states = [LETTERS.get(letter, UNSEEN) for letter in one.days]
    return strip(past.edges, states, changes)


def of_machine(past: Past) -> Strip:
    """The strip of a machine: on which days somebody looked (CLOSED), and how much had changed then."""
    return strip(past.edges, [CLOSED if looks else UNSEEN for looks in past.looked], past.changes)


def strip(edges: Sequence[float], states: Sequence[str], changes: Iterable[Change]) -> Strip:
    """Days as rectangles and marks. `edges` has one more than there are days: the end of the last."""
    counts = counted(edges, changes)
    days = tuple([Day(*each) for each in zip(edges[:-1], states, counts, strict=True)])
    most = max(counts, default=0)
    ticks = [
        Tick(day, number * WIDTH + WIDTH // 2, max(1, round(TALLEST * day.changes / most)))
        for number, day in enumerate(days)
        if day.changes
    ]
    return Strip(days, runs(days), tuple(ticks), len(days) * WIDTH)


def runs(days: Sequence[Day]) -> tuple[Run, ...]:
    """Days in a row with one state as one rectangle."""
    found: list[Run] = []
    for number, day in enumerate(days):
        if found and found[-1].state == day.state:
            before = found[-1]
            found[-1] = Run(day.state, before.first, day, before.x, before.width + WIDTH)
        else:
            found.append(Run(day.state, day, day, number * WIDTH, WIDTH))
    return tuple(found)


def counted(edges: Sequence[float], changes: Iterable[Change]) -> list[int]:
    """How many changes each day had; those outside of the days count for none."""
    counts = [0] * (len(edges) - 1)
    for change in changes:
        number = bisect_right(edges, change.at) - 1
        if 0 <= number < len(counts):
            counts[number] += 1
    return counts


def day_name(when: float) -> str:
    """The local date of a time: 2026-11-22."""
    return dt.datetime.fromtimestamp(when).astimezone().date().isoformat()


def day_of(name: str) -> tuple[float, float] | None:
    """When a day by this name begins and ends in local time; None for what is no day."""
    try:
        day = dt.date.fromisoformat(name)
        after = day + dt.timedelta(days=1)
        begins, ends = [dt.datetime(one.year, one.month, one.day).astimezone() for one in (day, after)]
    except (ValueError, OverflowError, OSError):
        return None
    return begins.timestamp(), ends.timestamp()

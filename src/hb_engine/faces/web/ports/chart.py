"""The days of SANS ISC's counts as a picture: bars in units of an SVG, and what a table beside it says in numbers.

The service's terms want its name beside its numbers, always. A day without a count is a gap, and never a zero.
"""

from __future__ import annotations

from hb_engine.model.assignment import Pressure
from hb_engine.model.record import record

WIDTH, HEIGHT, GAP = 640, 120, 2


@record
class Bar:
    """A day: its place and size in the picture, and its counts (None where there is none)."""

    day: Pressure
    x: float
    y: float
    width: float
    height: float


@record
class Chart:
    """Bars from the oldest day on. `most` is the highest count; `middle` half of the days have at most."""

    bars: tuple[Bar, ...]
    most: int
    middle: int
    width: int = WIDTH
    height: int = HEIGHT


def chart(days: tuple[Pressure, ...]) -> Chart | None:
    """The picture of some days; None where none has a count."""
    counts = sorted([day.records for day in days if day.records is not None])
    if not counts:
        return None
    ordered = sorted(days, key=lambda day: day.date)
    most, step = max(counts[-1], 1), WIDTH / len(ordered)
    bars = [_bar(day, index, step, most) for index, day in enumerate(ordered)]
    return Chart(tuple(bars), counts[-1], counts[(len(counts) - 1) // 2])


def _bar(day: Pressure, index: int, step: float, most: int) -> Bar:
    height = 0.0 if day.records is None else max(round(day.records / most * HEIGHT, 1), 1.0 if day.records else 0.0)
    return Bar(day, round(index * step + GAP / 2, 1), round(HEIGHT - height, 1), round(max(step - GAP, 1), 1), height)

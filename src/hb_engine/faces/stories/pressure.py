"""How hard the Internet scans a port, from reports by day: the latest, the middle of the period, and its shape."""

from __future__ import annotations

from hb_engine.faces.document import Field, Span, line
from hb_engine.faces.text import BARS, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.assignment import Pressure


def field(days: tuple[Pressure, ...], attribution: str) -> Field:
    """The scanned line; the attribution is part of the terms of use and always stands."""
    if not days:
        return Field("scanned", (line("no reports of this port"), (Span(attribution, "dim"),)))
    ordered = sorted(days, key=lambda day: day.date)
    lines = [line(f"{_day(ordered[-1])} on {ordered[-1].date}")]
    if len(ordered) > 1:
        lines.append(line(Span(shape(ordered), "command", ""), Span(" ", "", ""), _period(ordered)))
    return Field("scanned", (*lines, (Span(attribution, "dim"),)))


def shape(days: list[Pressure]) -> str:
    """The reports of each day as a bar; a space for a day that is not known."""
    most = max([day.records or 0 for day in days]) or 1
    return "".join([" " if d.records is None else BARS[d.records * (len(BARS) - 1) // most] for d in days])


def _day(day: Pressure) -> str:
    parts = [(day.records, "report"), (day.targets, "target"), (day.sources, "source")]
    return ", ".join([plural(count, name) for count, name in parts if count is not None]) or "nothing known"


def _period(days: list[Pressure]) -> str:
    counts = sorted([day.records for day in days if day.records is not None])
    middle = f"half of the days at most {plural(counts[(len(counts) - 1) // 2], 'report')}" if counts else "no figures"
    return f"{plural(len(days), 'day')} from {days[0].date}: {middle}"

"""Times between seconds since the epoch and ISO 8601 text, by arithmetic alone: no clock, no zone files.

Days are counted in the proleptic Gregorian calendar (RFC 3339 appendix D); leap seconds are not, as POSIX has it. It
refuses everything but UTC: zones are for whoever may read their files.
"""

from __future__ import annotations

DAY = 86400  # seconds


def days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. The date is not checked."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def date(day: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    day += 719468
    era = day // 146097
    of_era = day - era * 146097
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return (
        year + era * 400 + (month >= 10),
        month + (3 if month < 10 else -9),
        of_year - (153 * month + 2) // 5 + 1,
    )


def iso(seconds: float) -> str:
    """2026-11-22T14:02:11Z; fractions of a second are left out."""
    day, rest = divmod(int(seconds // 1), DAY)
    hour, rest = divmod(rest, 3600)
    year, month, number = date(day)
    minute, second = divmod(rest, 60)
    return f"{year:04d}-{month:02d}-{number:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"


def iso_day(seconds: float) -> str:
    """2026-11-22: the day, in UTC, of a time."""
    return iso(seconds).partition("T")[0]


def seconds_of(text: str) -> int | None:
    """Seconds since the epoch of a text as `iso` or `iso_day` writes it; None for any other, and for 31 February."""
    day, mark, clock = text.partition("T")
    parts, times = day.split("-"), clock.removesuffix("Z").split(":") if mark else ["00", "00", "00"]
    if (mark and not clock.endswith("Z")) or [len(part) for part in (*parts, *times)] != [4, 2, 2, 2, 2, 2]:
        return None
    if not all(part.isascii() and part.isdigit() for part in (*parts, *times)):
        return None
    year, month, number = [int(part) for part in parts]
    hour, minute, second = [int(part) for part in times]
    if not 1 <= month <= 12 or number < 1 or hour > 23 or minute > 59 or second > 59:
        return None
    count = days(year, month, number)
    return count * DAY + hour * 3600 + minute * 60 + second if date(count) == (year, month, number) else None


def is_over(end: int, now: float) -> bool:
    """Whether an end has come, both in seconds since the epoch. A whole day is written as its last second, and is over
    with the day: a second later.
    """
    return now >= end + (end % DAY == DAY - 1)

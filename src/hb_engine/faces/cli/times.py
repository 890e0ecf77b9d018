"""Times as people type them: 1d, yesterday, 14:00, tuesday 14:00, 2026-11-24, an ISO time with or without a zone.

    2d, 1d12h, 90m, -2d    so long ago
    now, today, yesterday  this moment, the last midnight, this time yesterday
    14:00, 14:00:05        at that time today
    tuesday, tue 14:00     the last Tuesday that there was, at midnight or at that time
    yesterday 14:00        that day at that time
    2026-11-24 14:00       in local time where no zone is said; T between them, seconds, Z and +01:00 are understood

Everything goes by the `now` that is given, and by the zone of the process. It refuses to guess: what is none of these,
and a date that there is not, is BadInput.
"""

from __future__ import annotations

import time

from hb_engine.model.errors import BadInput
from hb_engine.wire.dates import DAY, date, days

UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}  # seconds
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LATEST = 253402300799  # 9999-12-31T23:59:59Z
REMEDY = "Type 2d for two days ago, yesterday, 14:00, tuesday 14:00, or 2026-11-24 14:00."


def moment(text: str, now: float) -> float:
    """A time in seconds since the epoch. Raises BadInput for what is none, or lies outside of 1970 to 9999."""
    words = text.strip().lower().replace(",", " ").split()
    found = _moment(" ".join(words), now) if 0 < len(text) <= 64 else None
    if found is None or not 0 <= found <= LATEST:
        raise BadInput(f"{text[:64]!r} is no time that hb understands", REMEDY)
    return found


def past(text: str, now: float) -> float:
    """The same for a time that must have been. Raises BadInput for one that is still to come."""
    found = moment(text, now)
    if found > now:
        raise BadInput(f"{text!r} is still to come", "Name a time that is past.")
    return found


def _moment(text: str, now: float) -> float | None:
    if text == "now":
        return now
    ago = _duration(text.removesuffix(" ago").removeprefix("-"))
    if ago is not None:
        return now - ago
    if text == "yesterday":
        return _at(_day(now, 1), _clock_of(now))
    first, _, rest = text.partition(" ")
    day = _named_day(first, rest, now)
    if day is not None:
        clock = _clock(rest) if rest else (0, 0, 0.0)
        return _at(day, clock) if clock else None
    clock = _clock(text)
    return _at(_day(now, 0), clock) if clock else _iso(text)


def _duration(text: str) -> float | None:
    """1d12h in seconds."""
    total, digits = 0.0, ""
    for letter in text.replace(" ", ""):
        if letter.isascii() and letter.isdigit() and len(digits) < 9:
            digits += letter
        elif letter in UNITS and digits:
            total, digits = total + int(digits) * UNITS[letter], ""
        else:
            return None
    return total if text and not digits else None


def _named_day(word: str, rest: str, now: float) -> tuple[int, int, int] | None:
    """Year, month and day of today, yesterday or a weekday, the last one that there was."""
    if word in ("today", "yesterday"):
        return _day(now, ("today", "yesterday").index(word))
    names = [name for name in WEEKDAYS if len(word) >= 3 and name.startswith(word)]
    if not names:
        return None
    back = (time.localtime(now).tm_wday - WEEKDAYS.index(names[0])) % 7
    clock = _clock(rest) if rest else (0, 0, 0.0)
    if back == 0 and clock and clock > _clock_of(now):
        back = 7  # that time is still to come today
    return _day(now, back)


def _clock(text: str) -> tuple[int, int, float] | None:
    """14:00 or 14:00:05.5 as hour, minute and second."""
    parts = text.split(":")
    if len(parts) not in (2, 3):
        return None
    seconds, dot, fraction = parts[2].partition(".") if len(parts) == 3 else ("00", "", "")
    numbers = (parts[0], parts[1], seconds)
    if not all(1 <= len(part) <= 2 and part.isascii() and part.isdigit() for part in numbers) or len(parts[1]) != 2:
        return None
    if dot and not (0 < len(fraction) <= 9 and fraction.isascii() and fraction.isdigit()):
        return None
    hour, minute, second = [int(part) for part in numbers]
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour, minute, second + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


def _iso(text: str) -> float | None:
    """2026-11-24, 2026-11-24 14:00, 2026-11-24t14:00:05z, with +01:00 at the end; local time where there is no zone."""
    parts = text[:10].split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = [int(part) for part in parts]
    if not 1 <= month <= 12 or date(days(year, month, day)) != (year, month, day):
        return None
    rest = text[10:]
    if rest and rest[0] not in " t":
        return None
    clock, offset = _zoned(rest[1:]) if rest else ((0, 0, 0.0), None)
    if clock is None:
        return None
    if offset is None:
        return _at((year, month, day), clock)
    hour, minute, second = clock
    return days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset


def _zoned(text: str) -> tuple[tuple[int, int, float] | None, int | None]:
    """A time of day and the seconds that its zone is ahead of UTC, None for local time."""
    if text.endswith("z"):
        return _clock(text[:-1].rstrip()), 0
    for sign, mark in ((1, "+"), (-1, "-")):
        clock, found, zone = text.rpartition(mark)
        if found:
            ahead = _clock(zone if ":" in zone else f"{zone[:2]}:{zone[2:] or '00'}")
            return (_clock(clock.rstrip()), sign * (ahead[0] * 3600 + ahead[1] * 60)) if ahead else (None, None)
    return _clock(text), None


def _day(now: float, back: int) -> tuple[int, int, int]:
    """Today in local time, or a day so many days before."""
    today = time.localtime(now)
    return date(days(today.tm_year, today.tm_mon, today.tm_mday) - back)


def _clock_of(now: float) -> tuple[int, int, float]:
    local = time.localtime(now)
    return local.tm_hour, local.tm_min, local.tm_sec + now % 1


def _at(day: tuple[int, int, int], clock: tuple[int, int, float]) -> float | None:
    """A local date and time in seconds since the epoch; None where the system has none."""
    try:
        return time.mktime((*day, clock[0], clock[1], int(clock[2]), 0, 0, -1)) + clock[2] % 1
    except (OverflowError, ValueError):
        return None

"""Days, times and lengths of time as people write them in a baseline: 2027-06-30, 2026-12-01T18:00:00Z, 180d.

A day without a time is meant whole: what begins on it begins with its first second, what ends on it ends with its last,
both in UTC. A time without a zone is UTC too. TOML's own dates arrive here as text (RFC 3339), as they do from JSON and
YAML. It refuses months as a length (28 to 31 days), and times that are no times.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import Mistake, shown
from hb_engine.wire.dates import DAY, date, days

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

UNITS = {"h": 3600, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
LONG_UNITS = {
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
    **dict.fromkeys(("year", "years"), "y"),
}
LONGEST = 100 * 365 * DAY  # seconds that a length of time may have
YEARS = (1970, 9999)
DATE = "Write such as 2027-06-30, or 2026-12-01T18:00:00Z."
LENGTH = "Write such as 8h, 180d, 26w or 1y."
_PATTERNS: list[re.Pattern[str]] = []


def is_length(text: str) -> bool:
    """Whether it looks like a length of time rather than a date."""
    stripped = text.strip()
    dated = (stripped[4:5] == "-" and stripped[:4].isdigit()) or "/" in stripped or stripped.count(".") == 2
    return stripped[:1].isdigit() and not dated


def is_date(text: str) -> bool:
    """Whether it is a day or a time as it is read here."""
    return _pattern().fullmatch(text) is not None


def length(text: str) -> int:
    """Seconds of a length of time such as 8h, 180d, 26w, 1y. Raises Mistake."""
    stripped = text.strip()
    at = len(text) - len(text.lstrip())
    digits = stripped[: len(stripped) - len(stripped.lstrip("0123456789"))]
    unit = stripped[len(digits) :].strip()
    if not digits:
        raise Mistake(f"{shown(text)} is no length of time", at, LENGTH, "time")
    place = at + len(digits)
    if not unit:
        raise Mistake(f"{shown(digits, 20)} of what?", place, f"Write {digits[:9]}d for days.", "time")
    name = LONG_UNITS.get(unit.lower(), unit.lower())
    if name in ("m", "mo", "min", "month", "months", "minutes"):
        number = min(int(digits[:9]), 1000)
        hint = f"Write {number * 30}d for months." if name != "minutes" else "Write hours, such as 1h."
        raise Mistake(f"{shown(unit)} is no length that hb knows", place, hint, "time")
    if name not in UNITS:
        raise Mistake(f"{shown(unit)} is no length that hb knows", place, LENGTH, "time")
    seconds = int(digits[:12]) * UNITS[name]
    if not 0 < seconds <= LONGEST:
        raise Mistake(f"{shown(stripped)} is no length that anybody means", at, "It is between 1h and 100y.", "time")
    return seconds


def moment(text: str, *, ends: bool) -> tuple[int, bool]:
    """Seconds since the epoch of a day or a time, and whether a zone is missing. Raises Mistake.

    A day alone is its last second where something `ends` with it, else its first.
    """
    found = _pattern().fullmatch(text)
    if not found:
        raise _no_date(text)
    year, month, day, hour, minute, second, zone = found.groups()
    count = _day(text, int(year), int(month), int(day))
    if hour is None:
        return count * DAY + (DAY - 1 if ends else 0), False
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        told = f"there is no time {hour}:{minute}" + (f":{second}" if second else "")
        raise Mistake(told, found.start(4), "Times are 00:00:00 to 23:59:59.", "time")
    seconds = count * DAY + int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    return seconds - _offset(zone), zone is None


def _day(text: str, year: int, month: int, day: int) -> int:
    at = len(text) - len(text.lstrip())
    if not YEARS[0] <= year <= YEARS[1]:
        raise Mistake(f"{year:04d} is no year of a baseline", at, "Years begin with 1970.", "time")
    if not 1 <= month <= 12:
        meant = f"Did you mean {year:04d}-{day:02d}-{month:02d}?" if 1 <= day <= 12 and 1 <= month <= 31 else DATE
        raise Mistake(f"there is no month {month}", at + 5, meant, "time")
    count = days(year, month, day)
    if day < 1 or date(count) != (year, month, day):
        last = days(year + month // 12, month % 12 + 1, 1) - days(year, month, 1)
        raise Mistake(f"there is no day {day} in {year:04d}-{month:02d}", at + 8, f"It has {last} days.", "time")
    return count


def _offset(zone: str | None) -> int:
    """Seconds east of UTC."""
    if zone in (None, "Z", "z"):
        return 0
    sign, digits = str(zone)[0], str(zone)[1:].replace(":", "")
    return (-1 if sign == "-" else 1) * (int(digits[:2]) * 3600 + int(digits[2:4]) * 60)


def _no_date(text: str) -> Mistake:
    stripped = text.strip()
    if is_length(text) and any(letter.isalpha() for letter in stripped) and "T" not in stripped:
        return Mistake(f"{shown(text)} is no day", 0, DATE, "time")
    parts = stripped.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        if len(parts[0]) == 4:
            meant = f"{parts[0]}-{int(parts[1][:4]):02d}-{int(parts[2][:4]):02d}"
        elif len(parts[2]) == 4:
            day, month = (parts[1], parts[0]) if "/" in stripped and int(parts[1][:4]) > 12 else (parts[0], parts[1])
            if "/" in stripped and int(parts[0][:4]) <= 12 and int(parts[1][:4]) <= 12:
                return Mistake(f"{shown(text)} may be two days", 0, "Write year-month-day, such as 2027-06-30.", "time")
            meant = f"{parts[2]}-{int(month[:4]):02d}-{int(day[:4]):02d}"
        else:
            return Mistake(f"{shown(text)} is no day", 0, DATE, "time")
        return Mistake(f"{shown(text)} is no day as they are written here", 0, f"Write {meant}.", "time")
    return Mistake(f"{shown(text)} is no day and no time", 0, DATE, "time")


def _pattern() -> re.Pattern[str]:
    if not _PATTERNS:
        import re  # compiled once; most runs of hb read no baseline

        clock = r"[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)? ?([Zz]|[+-]\d\d:?\d\d)?"
        _PATTERNS.append(re.compile(rf"\s*(\d{{4}})-(\d\d)-(\d\d)(?:{clock})?\s*", re.ASCII))
    return _PATTERNS[0]

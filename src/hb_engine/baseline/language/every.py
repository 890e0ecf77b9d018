"""`every`: weekly hours with their zone: "Mon-Fri 01:00-03:00 Europe/Berlin, Sun 02:00-04:00 UTC".

    every = hours *( "," hours )
    hours = [ days ] HH:MM "-" HH:MM [ ZONE ]
    days  = "daily" | 1*( DAY [ "-" DAY ] )

Hours that end before they begin go past midnight, and belong to the day on which they begin. Without days they are for
every day, without a zone in UTC. It refuses to know zones: whether there is one is asked of a function that is passed
in.
"""

from __future__ import annotations

from hb_engine.baseline.language.nodes import LONGEST, Mistake, shown
from hb_engine.model.baseline import Hours
from hb_engine.model.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Zones = Callable[[str], bool]
    Word = tuple[str, int]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = (0, 1, 2, 3, 4, 5, 6)
SETS = {"daily": WEEK, "weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6), "weekend": (5, 6)}
EXAMPLE = "Write such as Mon-Fri 01:00-03:00 Europe/Berlin."
MOST = 64


def parse(text: str, zones: Zones | None = None) -> tuple[Hours, ...]:
    """The hours that a sentence names. `zones` says whether there is a zone of a name. Raises Mistake."""
    if len(text) > LONGEST:
        raise Mistake(f"every has more than {LONGEST} characters", 0, "Write two windows.", "too-long")
    found: list[tuple[Hours, bool, int]] = []
    waiting: list[int] = []  # days before a comma: Mon, Wed 01:00-03:00
    for words, comma in _pieces(text):
        days, rest = _days(words)
        if words and not rest and comma:
            waiting += days
            continue
        hours, named = _hours(rest, comma, zones)
        every = tuple(sorted({*waiting, *days})) or WEEK
        found.append((Hours(every, *hours), named, rest[0][1]))
        waiting = []
        if len(found) > MOST:
            raise Mistake(f"every names more than {MOST} times", 0, "Write two windows.", "too-long")
    zoned = [each for each, with_zone, _ in found if with_zone]
    for _, with_zone, at in found:
        if zoned and not with_zone:
            hint = f"Write {' or '.join(dict.fromkeys((zoned[0].zone, 'UTC')))} after it."
            raise Mistake("other hours here name a zone, and these do not", at, hint, "every")
    return tuple([each for each, _, _ in found])


def _pieces(text: str) -> list[tuple[list[Word], int]]:
    """The words between commas with their offsets, and where the comma after them stands, 0 for the last."""
    found: list[tuple[list[Word], int]] = []
    at = 0
    pieces = text.split(",")
    for number, piece in enumerate(pieces):
        words, cursor = [], 0
        for word in piece.split():
            cursor = piece.index(word, cursor)
            words.append((word, at + cursor))
            cursor += len(word)
        at += len(piece) + 1
        if not words:
            told = "there is a comma here with nothing beside it" if len(pieces) > 1 else "every says nothing"
            raise Mistake(told, min(max(0, at - 1), max(0, len(text) - 1)), EXAMPLE, "every")
        found.append((words, at - 1 if number + 1 < len(pieces) else 0))
    return found


def _days(words: list[Word]) -> tuple[list[int], list[Word]]:
    """The days that the first words name, and the other words. Raises Mistake."""
    days: list[int] = []
    for number, (word, at) in enumerate(words):
        if ":" in word or word[:1].isdigit():
            return days, words[number:]
        lower = word.lower()
        if lower in SETS:
            days += SETS[lower]
            continue
        first, dash, last = lower.partition("-")
        begin = _day(first, word, at)
        if not dash:
            days.append(begin)
            continue
        end = _day(last, word, at + len(first) + 1)
        days += [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]
    return days, []


def _day(name: str, word: str, at: int) -> int:
    for number, day in enumerate(DAYS):
        if len(name) >= 2 and day.startswith(name):
            return number
    meant = nearest(name, (*[day[:3] for day in DAYS], *DAYS, *SETS)) if len(name) > 1 else ""
    if "/" in word:
        raise Mistake(f"the zone {shown(word)} stands before the hours", at, "Write it after them.", "every")
    hint = f"Did you mean {meant.capitalize() if meant not in SETS else meant}?" if meant else "Days are Mon to Sun."
    raise Mistake(
        f"{shown(word[-len(name) :] if word.lower().endswith(name) else word[: len(name)])} is no day",
        at,
        hint,
        "every",
    )


def _hours(words: list[Word], end: int, zones: Zones | None) -> tuple[tuple[int, int, str], bool]:
    """Minutes from and to, and the zone; whether it was named. Raises Mistake."""
    if not words:
        raise Mistake("hours are missing here", max(0, end - 1), EXAMPLE, "every")
    word, at = words[0]
    first, dash, last = word.partition("-")
    if not dash or not last:
        hint = f"Write {word.rstrip('-')}-03:00, without spaces." if ":" in word else EXAMPLE
        raise Mistake(f"{shown(word)} says no end", at, hint, "every")
    start, stop = _minutes(first, at), _minutes(last, at + len(first) + 1, last=True)
    if start == stop:
        raise Mistake("these hours end when they begin", at, "Write 00:00-24:00 for a whole day.", "every")
    if len(words) == 1:
        return (start, stop, "UTC"), False
    zone, place = words[1]
    if len(words) > 2:
        raise Mistake(f"{shown(words[2][0])} says nothing here", words[2][1], "A comma begins the next hours.", "every")
    return (start, stop, _zone(zone, place, zones)), True


def _zone(zone: str, at: int, zones: Zones | None) -> str:
    if zone.upper() in ("UTC", "Z", "GMT"):
        return "UTC"
    if zone.lower().startswith(("utc+", "utc-", "gmt+", "gmt-")) or zone[0] in "+-":
        raise Mistake(f"{shown(zone)} is no zone's name", at, "Write one such as Europe/Berlin, or UTC.", "every")
    if zone.lower() == "local":
        hint = "Name it, such as Europe/Berlin: machines may stand in several."
        raise Mistake("local time is another on every machine", at, hint, "every")
    if zones and not zones(zone):
        hint = "Names are those of the IANA time zone database, such as Europe/Berlin."
        raise Mistake(f"there is no time zone {shown(zone)}", at, hint, "every")
    return zone


def _minutes(text: str, at: int, *, last: bool = False) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdigit() and len(hour) < 3):
        lower = text.lower()
        if lower.endswith(("am", "pm")) and lower[:-2].isdigit():
            number = int(lower[:-2][:2]) % 12 + (12 if lower.endswith("pm") else 0)
            raise Mistake(f"{shown(text)} is no time as they are written here", at, f"Write {number:02d}:00.", "every")
        hint = f"Write {int(text[:2]) % 24:02d}:00." if text.isascii() and text.isdigit() and len(text) < 3 else EXAMPLE
        raise Mistake(f"{shown(text)} is no time", at, hint, "every")
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > 24 * 60 or (found == 24 * 60 and not last):
        raise Mistake(f"there is no time {text}", at, "Times are 00:00 to 23:59; 24:00 may end a day.", "every")
    return found

"""Logs of text, read from their end and no further back than is asked for, rotated files included.

What stands in a log was often written by strangers: lines are bounded and handed on as they are, and no pattern here
can take longer than its line is long. Times without a zone are the machine's, by its /etc/localtime and not by the
zone of whoever runs hb; of an hour that comes twice the first is meant.

Sources: logrotate(8) (names of rotated files), tzfile(5), RFC 3339, RFC 3164 4.1.2 (times without a year).
"""

from __future__ import annotations

import os

from hb_engine.inventory.linux.processes import slurp
from hb_engine.model.inventory import Gap
from hb_engine.wire.dates import DAY, days

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TAIL = 4 << 20  # bytes of one file that are read, from its end
FILES = 4  # the newest of one log
LONGEST = 4096  # characters of a line
LARGEST_ZONE = 1 << 20  # bytes of a zone's file: the largest have some thousands
ROOT = "run hb as root"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALLEST, _LARGEST = -(1 << 40), 1 << 40


def lines(root: str, path: str, since: float) -> tuple[list[str], tuple[Gap, ...]]:
    """The lines of a log and of its rotated files that were written to since a time, the oldest first.

    A log that is not there has none. What could not be read, and what lies further back than is read, is a gap.
    """
    found: list[str] = []
    gaps: list[Gap] = []
    for name in _files(root, path, since):
        try:
            text, whole = _tail(name)
        except (OSError, EOFError, ValueError) as error:
            why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            gaps.append(Gap(f"what {_shown(root, name)} tells", f"it could not be read: {why}", ROOT, "facts"))
            continue
        if not whole:
            what = f"the beginning of {_shown(root, name)}"
            gaps.append(Gap(what, f"hb reads the last {TAIL >> 20} MiB", "look into the file", "facts"))
        found += [line[:LONGEST] for line in text.split("\n") if line]
    return found, tuple(gaps)


def written(root: str, path: str) -> float:
    """When a log was last written to: no line of it is later. 0 where it is not there."""
    try:
        return os.stat(os.path.join(root, path)).st_mtime
    except OSError:
        return 0.0


def _files(root: str, path: str, since: float) -> list[str]:
    """A log and its rotated files (dpkg.log.1, dpkg.log.2.gz, secure-20261122) with anything new, the oldest first."""
    full = os.path.join(root, path)
    folder, base = os.path.split(full)
    try:
        names = [name for name in os.listdir(folder) if name == base or name.startswith((f"{base}.", f"{base}-"))]
    except OSError:
        return []
    dated = []
    for name in names:
        try:
            written = os.stat(os.path.join(folder, name)).st_mtime
        except OSError:
            continue
        if written >= since:
            dated.append((written, os.path.join(folder, name)))
    return [name for _, name in sorted(dated)[-FILES:]]


def _tail(path: str) -> tuple[str, bool]:
    """The end of a file from a line's beginning on, and whether that is all of it. Raises OSError, EOFError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        if path.endswith(".gz"):
            return _unpacked(path, file)
        size = os.fstat(fd).st_size
        file.seek(max(0, size - TAIL))
        data = file.read(TAIL)
    whole = size <= TAIL
    return (data if whole else data.partition(b"\n")[2]).decode("utf-8", "replace"), whole


def _unpacked(path: str, file: object) -> tuple[str, bool]:
    """The end of a packed file; of one that unpacks to very much only what comes first. Raises OSError, EOFError."""
    import zlib  # rotated logs only
    from gzip import GzipFile

    try:
        with GzipFile(path, "rb", fileobj=file) as packed:  # type: ignore[call-overload]
            data = packed.read(8 * TAIL + 1)
    except zlib.error as error:
        raise EOFError(str(error)) from None
    return data[-TAIL:].decode("utf-8", "replace"), len(data) <= TAIL


def _shown(root: str, path: str) -> str:
    return path if root == "/" else os.path.join("/", os.path.relpath(path, root))


class Clock:
    """The machine's wall clock, from text to seconds since the epoch."""

    def __init__(self, root: str = "/") -> None:
        self._offset = _zone(root)

    def seconds(self, year: int, month: int, day: int, clock: str, zone: str = "") -> float | None:
        """A date, hh:mm:ss with or without a fraction, and an offset from UTC (+02:00, +0200, Z) or none (local)."""
        parts = clock.replace(",", ".").split(":")
        try:
            hour, minute, second = int(parts[0]), int(parts[1]), float(parts[2]) if len(parts) > 2 else 0.0
        except (ValueError, IndexError):
            return None
        known = 1970 <= year < 3000 and 1 <= month <= 12 and 1 <= day <= 31
        if not known or not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 61):
            return None
        naive = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second
        offset = _offset_of(zone) if zone else self._offset(naive)
        return None if offset is None else naive - offset

    def iso(self, text: str) -> float | None:
        """2026-11-25T21:41:22.123+01:00, with a blank for the T, with or without a zone; None for anything else."""
        date, clock = text[:10].split("-"), text[11:]
        if len(date) != 3 or text[10:11] not in ("T", " ") or not all(p.isascii() and p.isdigit() for p in date):
            return None
        at = max(clock.find("+"), clock.find("-"), clock.find("Z"))
        clock, zone = (clock, "") if at < 0 else (clock[:at], clock[at:])
        return self.seconds(int(date[0]), int(date[1]), int(date[2]), clock, zone)

    def yearless(self, month: str, day: str, clock: str, before: float) -> float | None:
        """Nov 25 21:41:22: the last such moment that is not later than a day after `before`."""
        from hb_engine.wire.dates import date  # only for logs of the old form

        if month not in MONTHS or not (day.isascii() and day.isdigit()):
            return None
        year = date(int(before // DAY))[0]
        for guess in (year + 1, year, year - 1):
            found = self.seconds(guess, MONTHS.index(month) + 1, int(day), clock)
            if found is not None and found <= before + DAY:
                return found
        return None


def _offset_of(zone: str) -> int | None:
    """Seconds east of UTC."""
    digits = zone[1:].replace(":", "")
    if zone == "Z":
        return 0
    if zone[0] not in "+-" or len(digits) not in (2, 4) or not (digits.isascii() and digits.isdigit()):
        return None
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return seconds if zone[0] == "+" else -seconds


def _zone(root: str) -> Callable[[float], int]:
    """What to take from a local time to have UTC; UTC itself where the machine has no zone."""
    from struct import error as cut_short  # what a damaged file makes zoneinfo raise

    path = os.path.join(root, "etc/localtime")
    try:
        from io import BytesIO  # logs are read rarely
        from zoneinfo import ZoneInfo

        zone = ZoneInfo.from_file(BytesIO(slurp(path, LARGEST_ZONE)))
    except (OSError, ValueError, ImportError, IndexError, OverflowError, MemoryError, AssertionError, cut_short):
        return lambda _: 0

    def offset(naive: float) -> int:
        from datetime import UTC, datetime

        if not _SMALLEST < naive < _LARGEST:
            return 0
        try:
            local = datetime.fromtimestamp(naive, UTC).replace(tzinfo=zone)
            found = local.utcoffset()
        except (OverflowError, ValueError):
            return 0
        return int(found.total_seconds()) if found is not None else 0

    return offset

"""How hard the Internet scans a port: SANS ISC's counts (DShield), fetched only when a person asks.

The service is free and asks for manners (https://isc.sans.edu/api/): a mail address in the User-Agent, no hurry, a
stop when it says 429, and its name beside its numbers. So answers are kept: a day that is over for good, the running
one for twelve hours; and what the service last demanded is remembered between runs. Nothing of it may be bundled (CC
BY-NC-SA), so nothing comes with hb. This module refuses to ask by itself, in the background, or twice for the same
day.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.assignment import Pressure
from hb_engine.model.errors import BadInput, HbError, TooSoon, Unreachable
from hb_engine.model.record import record
from hb_engine.registry import files, web

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Clock = Callable[[], float]
    Sleep = Callable[[float], None]

BASE = "https://isc.sans.edu/api/"
ATTRIBUTION = "SANS Technology Institute, Internet Storm Center, https://isc.sans.edu"
DAY = 86400
FRESH = 43200.0  # seconds for which a running day's numbers are good, and after a day's end until they are final
PAUSE = 2.0  # seconds between two calls
LIMIT = 1 << 20  # bytes of an answer; 30 days are about 3 kB
TIMEOUT = 20.0
FORMAT = 1
STAMP = "isc-calls.json"
WRAPPERS = ("portinfo", "data", "porthistory", "port")
CACHE_REMEDY = "Give hb a folder that it may write to; without it, it cannot keep to the service's terms."


@record
class Look:
    """What is known of a port's days, the oldest first. `problem` says why it is not as fresh as it could be."""

    port: int
    days: tuple[Pressure, ...]
    attribution: str = ATTRIBUTION
    fetched_at: float | None = None  # seconds since 1970, of the newest day
    from_cache: bool = False
    problem: str = ""


@record
class Desk:
    """Where and how to ask: the cache folder, the person's mail address (or none), and what tests replace.

    `clock` gives seconds since 1970, `sleep` waits some seconds.
    """

    folder: str
    mail: str = ""
    base: str = BASE
    fetch: web.Fetch = web.fetch
    clock: Clock = time.time
    sleep: Sleep = time.sleep


def look(desk: Desk, port: int, days: int = 30) -> Look:
    """The last days of a port, today included: from the cache, and from the service what is missing there.

    At most one call. Dates are UTC, as the service's are. Raises TooSoon or Unreachable if nothing is known at all and
    the service does not help; DataError if the folder cannot be written to; BadInput for port or mail address.
    """
    if not 1 <= port <= 65535:
        raise BadInput(f"there are no counts for port {port}", "Ask for a port from 1 to 65535.")
    now = desk.clock()
    wanted = [_date(now - DAY * age) for age in range(max(min(days, 366), 1) - 1, -1, -1)]
    known = _load_days(desk.folder, port)
    missing = [date for date in wanted if not _good(date, known, now)]
    if not missing:
        return _look(port, wanted, known, from_cache=True)
    try:
        fresh = _ask(desk, port, missing[0], wanted[-1])
    except Unreachable as error:
        if not any(date in known for date in wanted):
            raise
        return _look(port, wanted, known, from_cache=True, problem=f"{error.message}. {error.remedy}")
    for date in wanted[wanted.index(missing[0]) :]:
        day = fresh.get(date) or Pressure(date, None, None, None)  # asked, and no count given: not to be asked again
        known[date] = (day, now)
    _save_days(desk.folder, port, known)
    return _look(port, wanted, known)


def kept(desk: Desk, port: int, days: int = 30) -> Look | None:
    """The last days of a port as they are kept; nobody is asked. None where nothing is kept of them.

    `problem` is empty: that numbers are old is told by their dates.
    """
    now = desk.clock()
    wanted = [_date(now - DAY * age) for age in range(max(min(days, 366), 1) - 1, -1, -1)]
    known = _load_days(desk.folder, port)
    return _look(port, wanted, known, from_cache=True) if any(date in known for date in wanted) else None


def ports(folder: str) -> tuple[int, ...]:
    """The ports of which anything is kept, by the files' names."""
    try:
        names = os.listdir(folder)
    except OSError:
        return ()  # nobody has asked yet
    numbers = [name.removeprefix("isc-").removesuffix(".json") for name in names if name.startswith("isc-")]
    return tuple(sorted([int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) <= 5]))


def parse(body: bytes, port: int | None = None) -> tuple[Pressure, ...]:
    """Days out of any of the shapes that the service is known to answer in, the oldest first.

    A list of days; an object with days under "0", "1" ...; a day itself; any of them under "portinfo" or "data". Counts
    may be numbers, strings with commas, or null. Raises Unreachable for what is none of these, for {"error": ...}, and
    for an answer about another port.
    """
    import json  # 3 ms, and only after the network

    try:
        # Numbers of thousands of digits are a ValueError as well; nesting without end is a RecursionError.
        value = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        what = "a page instead of numbers" if body.lstrip()[:1] == b"<" else "something that is not JSON"
        raise Unreachable(f"SANS ISC answered with {what}", web.LATER) from None
    if isinstance(value, dict):
        if "error" in value:
            raise Unreachable(f"SANS ISC answers: {_plain(value['error'])}", "Check the port number. " + web.LATER)
        about = _count(value.get("number", value.get("port")))
        if port is not None and about is not None and about != port:
            raise Unreachable(f"SANS ISC answered about port {about}, not {port}", web.LATER)
    days = {day.date: day for day in (_day(entry) for entry in _entries(value, 3)) if day}
    if not days and not _is_empty(value):
        raise Unreachable("SANS ISC answered in a shape that hb does not know", "A newer hb may know it. " + web.LATER)
    return tuple(days[date] for date in sorted(days))


def _ask(desk: Desk, port: int, first: str, last: str) -> dict[str, Pressure]:
    """One call, by the terms: not before the service wants it, and not within two seconds of the last one."""
    headers = {"User-Agent": web.user_agent(desk.mail), "Accept": "application/json, text/json"}
    _wait_for_turn(desk)
    now = desk.clock()
    _save_stamp(desk.folder, now, 0.0)  # before the call, so that another hb sees it
    url = f"{desk.base}porthistory/{port}/{first}/{last}?json"
    answer = desk.fetch(url, headers, limit=LIMIT, timeout=TIMEOUT)
    if answer.status in (429, 503):
        _save_stamp(desk.folder, now, now + web.wait_of(answer.header("retry-after"), now))
    if answer.status == 304:
        raise Unreachable("SANS ISC answered with HTTP 304 to a plain question", web.LATER)
    web.refuse_errors(answer, "SANS ISC", now)
    return {day.date: day for day in parse(answer.body, port)}


def _wait_for_turn(desk: Desk) -> None:
    """Raise TooSoon while the service wants to be left alone; else wait out the two seconds between calls."""
    now = desk.clock()
    stamp = _load(os.path.join(desk.folder, STAMP))
    until, last = _seconds(stamp.get("until")), _seconds(stamp.get("last"))
    if now < until <= now + web.LONGEST_WAIT:  # later than that: the clock was wrong when it was written
        raise TooSoon(
            "SANS ISC has asked to be left alone for a while",
            f"Ask again in {web.spoken(until - now)}; hb does not ask before.",
        )
    if 0 <= now - last < PAUSE:
        desk.sleep(PAUSE - (now - last))


def _good(date: str, known: dict[str, tuple[Pressure, float]], now: float) -> bool:
    """Whether a day need not be asked for: it was final when it was fetched, or fetched within twelve hours."""
    if date not in known:
        return False
    fetched = known[date][1]
    final = _date(fetched - FRESH) > date  # twelve hours after the day's end, or later
    return final or 0 <= now - fetched < FRESH


def _look(
    port: int,
    wanted: list[str],
    known: dict[str, tuple[Pressure, float]],
    *,
    from_cache: bool = False,
    problem: str = "",
) -> Look:
    found = [known[date] for date in wanted if date in known]
    return Look(
        port,
        tuple(day for day, _ in found),
        fetched_at=max((fetched for _, fetched in found), default=None),
        from_cache=from_cache,
        problem=problem,
    )


def _entries(value: Any, depth: int) -> list[Any]:
    """Whatever may be a day, in the order given; `depth` is how many wrappers are opened."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or depth == 0:
        return []
    if "date" in value and "records" in value:
        return [value]
    found = [entry for key, entry in value.items() if key.isdigit()]
    for wrapper in WRAPPERS:
        found += _entries(value.get(wrapper), depth - 1)
    return found


def _day(entry: Any) -> Pressure | None:
    if not isinstance(entry, dict):
        return None
    date = entry.get("date") or entry.get("datein")
    if not (isinstance(date, str) and _is_date(date[:10])):
        return None
    return Pressure(date[:10], _count(entry.get("records")), _count(entry.get("targets")), _count(entry.get("sources")))


def _is_empty(value: Any) -> bool:
    """An answer that says that there is nothing: [], {}, or only the span that was asked for."""
    if isinstance(value, dict):
        return all(not isinstance(entry, (dict, list)) or not entry for entry in value.values()) and (
            not value or "startdate" in value or any(wrapper in value for wrapper in WRAPPERS)
        )
    return isinstance(value, list) and not value


def _count(value: Any) -> int | None:
    """A count that is a number, or text such as "1,203,344"; None for null and anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.replace(",", "").strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
    if isinstance(value, float):
        value = int(value) if value == value and abs(value) < 1e15 else -1  # noqa: PLR0124  (NaN is what differs from itself)
    return value if isinstance(value, int) and 0 <= value < 10**18 else None


def _date(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def _is_date(text: str) -> bool:
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isascii() and part.isdigit() for part in parts):
        return False
    return 1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= 31


def _load_days(folder: str, port: int) -> dict[str, tuple[Pressure, float]]:
    """What an earlier run kept. A file that is not as we write it is as good as none: it is fetched again."""
    found = {}
    kept = _load(os.path.join(folder, f"isc-{port}.json"))
    days = kept.get("days") if kept.get("format") == FORMAT and kept.get("port") == port else None
    for date, entry in (days if isinstance(days, dict) else {}).items():
        if _is_date(date) and isinstance(entry, list) and len(entry) == 4:
            day = Pressure(date, _count(entry[0]), _count(entry[1]), _count(entry[2]))
            found[date] = (day, _seconds(entry[3]))
    return found


def _save_days(folder: str, port: int, known: dict[str, tuple[Pressure, float]]) -> None:
    days = {date: [day.records, day.targets, day.sources, at] for date, (day, at) in sorted(known.items())}
    _save(folder, f"isc-{port}.json", {"format": FORMAT, "port": port, "source": ATTRIBUTION, "days": days})


def _save_stamp(folder: str, last: float, until: float) -> None:
    _save(folder, STAMP, {"last": last, "until": until})


def _save(folder: str, name: str, value: dict[str, Any]) -> None:
    import json

    try:
        files.write_whole(folder, name, json.dumps(value).encode() + b"\n")
    except HbError as error:
        raise type(error)(error.message, CACHE_REMEDY) from error


def _load(path: str) -> dict[str, Any]:
    import json

    try:
        value = json.loads(files.read_small(path) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _seconds(value: Any) -> float:
    """A time that we wrote; 0 for anything else."""
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e11 else 0.0


def _plain(value: Any) -> str:
    return ascii(str(value))[1:-1][:120]

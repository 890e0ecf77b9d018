"""hb update: IANA's own table, fetched politely, checked, and put in the place of the older data or not at all.

At most once a day, and only if it changed (If-None-Match, If-Modified-Since). Whatever goes wrong, the data from
before stays: a new file takes its place only after it was parsed, found plausible, converted, written, read back and
checked. This module refuses a table that has shrunk by a tenth: registries do not, broken downloads do.
"""

from __future__ import annotations

import os
import time

from hb_engine.model.errors import DataError, TooSoon
from hb_engine.model.record import items, record, replace
from hb_engine.registry import fields, files, table, web
from hb_engine.registry.assignments import FILE, Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hb_engine.model.assignment import Assignment

    Key = tuple[str | None, int | None, int | None, str]

IANA = "https://www.iana.org/assignments/service-names-port-numbers/service-names-port-numbers.csv"
STATE = "update.json"
DAY = 86400.0  # seconds
LIMIT = 16 << 20  # bytes; the table has 1.2 MB
TIMEOUT = 60.0
ODDEST = 20  # rows that may make no sense: IANA's clerks are people too
FEWEST = 10_000  # rows; the table had 13,701 in 2015 and never fewer since
LANDMARKS = (("ssh", "tcp", 22), ("domain", "udp", 53), ("https", "tcp", 443), ("hb-engine", "tcp", 1703))
KEPT = "The data from before is kept. Try again later."


@record
class UpdateResult:
    """What an update did. `state`: updated, unchanged (nothing newer there), or recent (asked within a day)."""

    state: str
    as_of: str  # date of the data that is used now
    rows: int
    path: str
    checked_at: float  # seconds since 1970
    added: int = 0
    removed: int = 0
    changed: int = 0
    note: str = ""  # the new data is in use, but something besides went wrong


def update(
    folder: str,
    *,
    url: str = IANA,
    fetch: web.Fetch = web.fetch,
    clock: Callable[[], float] = time.time,
    mail: str = "",
    progress: web.Progress | None = None,
) -> UpdateResult:
    """Bring the table in `folder` up to date. `progress` is told bytes that came and bytes announced (None if not).

    Raises Unreachable or TooSoon where the server does not help, DataError for a table that is not to be trusted or a
    folder that cannot be written to. In each case the data from before is untouched.
    """
    now = clock()
    files.sweep(folder, now)
    current = Registry.open(folder)
    state = _load_state(folder) if current.origin != "packaged" else {}
    waiting = _number(_load_state(folder).get("until")) - now
    if 0 < waiting <= web.LONGEST_WAIT:
        raise TooSoon("IANA's server has asked to be left alone for a while", f"Ask again in {web.spoken(waiting)}.")
    if state.get("url") == url and 0 <= now - _number(state.get("checked_at")) < DAY:
        return _same("recent", current, folder, _number(state["checked_at"]))
    answer = fetch(url, _headers(state, url, mail), limit=LIMIT, timeout=TIMEOUT, progress=progress)
    if answer.status in (429, 503):
        until = now + web.wait_of(answer.header("retry-after"), now)
        _save_state(folder, {**_load_state(folder), "until": until})
    web.refuse_errors(answer, "IANA's server", now)
    if answer.status == 304:
        if not state:
            raise DataError("IANA's server says that nothing changed, but hb has no data from it", KEPT)
        _save_state(folder, {**state, "checked_at": now, "until": 0})
        return _same("unchanged", current, folder, now)
    unread: list[str] = []
    rows, data, as_of = convert(answer, current, unread)
    files.write_whole(folder, FILE, data, lambda back: table.Table(back, FILE))
    notes = [f"{len(unread)} rows were left out: {unread[0]}"] if unread else []
    notes += _remember(folder, answer, url, now)
    added, removed, changed = difference(current.all(), rows)
    return UpdateResult(
        "updated", as_of, len(rows), os.path.join(folder, FILE), now, added, removed, changed, "; ".join(notes)
    )


def convert(answer: web.Answer, current: Registry, unread: list[str]) -> tuple[list[Assignment], bytes, str]:
    """Rows, our file's bytes and the date, of a table as IANA sends it. Raises DataError if it is not plausible.

    Rows that make no sense are left out and told in `unread`; more than a few of them are an error.
    """
    try:
        text = answer.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError("what arrived as IANA's table is not UTF-8 text", KEPT) from error
    if text.lstrip()[:1] == "<":
        raise DataError(
            "a web page arrived in place of IANA's table", "A proxy or a login page may be between. " + KEPT
        )
    as_of = date_of(answer.header("last-modified"))
    rows = fields.parse_csv(text, as_of, unread)
    if len(unread) > ODDEST:
        raise DataError(f"{len(unread)} rows of IANA's table make no sense; {unread[0]}", KEPT)
    check(rows, current)
    if not as_of:  # the server does not say: the newest date in the table is a lower bound
        as_of = max((date for row in rows for date in (row.registered, row.modified) if len(date) == 10), default="")
        rows = [replace(row, as_of=as_of, details_as_of=as_of) for row in rows]
    return rows, table.encode(rows, as_of, as_of, "IANA"), as_of


def check(rows: list[Assignment], current: Registry) -> None:
    """Raise DataError for a table that IANA would not publish: too short, much shorter than ours, without landmarks."""
    if len(rows) < FEWEST:
        raise DataError(f"IANA's table has only {len(rows)} rows; {FEWEST} were the fewest ever", KEPT)
    before, after = _census(current.all()), _census(rows)
    for shape, count in before.items():
        if after.get(shape, 0) < count * 9 // 10:
            raise DataError(f"IANA's table has {after.get(shape, 0)} {shape}, and had {count} before", KEPT)
    known = {(row.name, row.transport, row.first) for row in rows}
    for name, transport, port in LANDMARKS:
        if (name, transport, port) not in known:
            raise DataError(f"IANA's table lacks {name} at {port}/{transport}", KEPT)
    if max(row.last or 0 for row in rows) < table.LAST_ASSIGNABLE:
        raise DataError(f"IANA's table ends before port {table.LAST_ASSIGNABLE}", KEPT)


def difference(before: Any, after: Any) -> tuple[int, int, int]:
    """How many rows were added, removed, and changed in anything but their dates of data."""
    old, new = _by_key(before), _by_key(after)
    changed = sum(1 for key in old.keys() & new.keys() if old[key] != new[key])
    return len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed


def date_of(last_modified: str) -> str:
    """YYYY-MM-DD of an HTTP date; empty for none."""
    from email.utils import parsedate_to_datetime  # only after the network

    try:
        return parsedate_to_datetime(last_modified).strftime("%Y-%m-%d")
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _remember(folder: str, answer: web.Answer, url: str, now: float) -> list[str]:
    """Keep what the next question needs. That it cannot be kept only costs a download: a note, not an error."""
    found = {"etag": answer.header("etag"), "last_modified": answer.header("last-modified")}
    try:
        _save_state(folder, {**found, "url": url, "checked_at": now, "until": 0})
    except DataError as error:
        return [f"the next update will fetch everything again: {error.message}"]
    return []


def _by_key(rows: Any) -> dict[Key, list[tuple[str, Any]]]:
    skipped = ("as_of", "details_as_of")
    return {
        (row.transport, row.first, row.last, row.name): [pair for pair in items(row) if pair[0] not in skipped]
        for row in rows
    }


def _census(rows: Any) -> dict[str, int]:
    """Counts of what must not shrink: names by transport, and names without a number."""
    found: dict[str, int] = {}
    for row in rows:
        if row.name and row.status in ("assigned", "alias"):
            shape = "names without a port" if row.first is None else f"names for {row.transport or 'any transport'}"
            found[shape] = found.get(shape, 0) + 1
    return {shape: count for shape, count in found.items() if count >= 50}  # a handful may go in a day


def _headers(state: dict[str, Any], url: str, mail: str) -> dict[str, str]:
    headers = {"User-Agent": web.user_agent(mail), "Accept": "text/csv"}
    for key, header in (("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")):
        value = state.get(key)
        if state.get("url") == url and isinstance(value, str) and value and value.isascii() and value.isprintable():
            headers[header] = value
    return headers


def _same(state: str, current: Registry, folder: str, checked_at: float) -> UpdateResult:
    return UpdateResult(state, current.as_of, current.rows_known, os.path.join(folder, FILE), checked_at)


def _load_state(folder: str) -> dict[str, Any]:
    """What the last update remembered; one that cannot be read means only that the whole table is fetched."""
    import json

    try:
        value = json.loads(files.read_small(os.path.join(folder, STATE)) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _save_state(folder: str, state: dict[str, Any]) -> None:
    import json

    files.write_whole(folder, STATE, json.dumps(state).encode() + b"\n")


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e11 else 0.0

"""The store: looks go in whole, or not at all, and questions come out of indices.

A look that changes nothing costs a row of some 30 bytes and a time in each open span. Openings are packed JSON, the
same ones once. Everything is read inside one transaction, so that an answer is of one moment. SQLite's errors never
leave this module: they become DataError, with what to do.
"""

from __future__ import annotations

from hb_engine.model.coverage import would_show
from hb_engine.model.history import Change, Look, Moment, Span
from hb_engine.model.inventory import Coverage
from hb_engine.store import payload
from hb_engine.store.compare import Held, compare
from hb_engine.store.presence import Glance, presence
from hb_engine.store.refuse import one_host, refuse
from hb_engine.store.sqlite import upkeep
from hb_engine.store.sqlite.connect import connect, told
from hb_engine.store.sqlite.packing import pack, unpack
from hb_engine.wire import inventory_json
from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from sqlite3 import Connection
    from typing import Any

    from hb_engine.model.history import Presence
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening
    from hb_engine.store.compare import Step

    Row = tuple[Any, ...]

SPAN = "span.first_seen, span.last_seen, span.before, span.gone_at"
LATEST = "(SELECT payload FROM state WHERE state.span = span.id ORDER BY since DESC LIMIT 1)"


class Sqlite:
    """A Store (contract.py) in a file. It must be closed."""

    def __init__(self, path: str, connection: Connection | None = None) -> None:
        self.path = path
        self._left_open = upkeep.was_left_open(path)
        self._connection = connection or connect(path)
        self._unpacked: dict[int, tuple[Opening, ...]] = {}
        self._coverages: dict[int, Coverage] = {}

    # -- keeping

    def record(self, seen: Inventory) -> tuple[Change, ...]:
        """Keep a look; what changed since the one before. Raises BadInput, DataError."""
        with self._transaction("IMMEDIATE"):
            host = self._host_of(seen.host.name)
            last = self._one("SELECT MAX(taken_at) FROM look WHERE host = ?", host)[0]
            if refuse(seen, last):
                return ()
            before = self._before(host)
            steps, changes = compare(self._held(host), seen, last, lambda opening: _last_that_shows(before, opening))
            for step in steps:
                self._take(host, step, seen.taken_at)
            self._keep_look(host, seen)
            for change in changes:
                self._keep_change(host, change)
            return changes

    def _host_of(self, name: str) -> int:
        self._do("INSERT OR IGNORE INTO host (name) VALUES (?)", name)
        return int(self._one("SELECT id FROM host WHERE name = ?", name)[0])

    def _held(self, host: int) -> list[Held]:
        rows = self._rows(f"SELECT id, key, {LATEST} FROM span WHERE host = ? AND gone_at IS NULL", host)
        return [Held(number, key, self._openings(kept)) for number, key, kept in rows]

    def _before(self, host: int) -> list[tuple[float, Coverage]]:
        """The kinds of looks that there were, each with its last time, the latest first."""
        rows = self._rows("SELECT last, id FROM coverage WHERE host = ? ORDER BY last DESC", host)
        return [(last, self._coverage(number)) for last, number in rows]

    def _take(self, host: int, step: Step, now: float) -> None:
        if step.deed == "open":
            self._open(host, step, now)
        elif step.deed == "close":
            self._do("UPDATE span SET gone_at = ? WHERE id = ?", now, step.span)
        else:
            self._go_on(step, now)

    def _open(self, host: int, step: Step, now: float) -> None:
        first, before = now, step.before
        if step.like:
            first, before = self._one("SELECT first_seen, before FROM span WHERE id = ?", step.like)
        one = step.openings[0]
        values = (host, step.key, one.transport, one.port, first, now, before)
        columns = "host, key, transport, port, first_seen, last_seen, before"
        span = self._do(f"INSERT INTO span ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
        self._do("INSERT INTO state (span, since, payload) VALUES (?, ?, ?)", span, first, self._payload(step.openings))

    def _go_on(self, step: Step, now: float) -> None:
        key = self._one("SELECT key FROM span WHERE id = ?", step.span)[0]
        self._do("UPDATE span SET last_seen = ? WHERE id = ?", now, step.span)
        if step.key != key:
            alias = key if step.deed == "learn" else step.key
            self._do("INSERT OR IGNORE INTO alias (span, key) VALUES (?, ?)", step.span, alias)
        if step.deed == "learn":
            port = step.openings[0].port
            self._do("UPDATE span SET key = ?, port = ? WHERE id = ?", step.key, port, step.span)
            since, old = self._one(
                "SELECT since, payload FROM state WHERE span = ? ORDER BY since DESC LIMIT 1", step.span
            )
            new = self._payload(step.openings)
            self._do("UPDATE state SET payload = ? WHERE span = ? AND since = ?", new, step.span, since)
            self._forget_payload(old)
        elif step.deed == "facts":
            new = self._payload(step.openings)
            self._do("INSERT INTO state (span, since, payload) VALUES (?, ?, ?)", step.span, now, new)

    def _keep_look(self, host: int, seen: Inventory) -> None:
        coverage = self._coverage_of(host, seen.coverage, seen.taken_at)
        self._do("INSERT OR IGNORE INTO boot (name) VALUES (?)", seen.host.boot_id)
        boot = self._one("SELECT id FROM boot WHERE name = ?", seen.host.boot_id)[0]
        values = (host, seen.taken_at, coverage, boot, len(seen.openings))
        self._do("INSERT INTO look (host, taken_at, coverage, boot, openings) VALUES (?, ?, ?, ?, ?)", *values)

    def _keep_change(self, host: int, change: Change) -> None:
        now, before = self._payload((change.opening,)), change.previous and self._payload((change.previous,))
        values = (host, change.at, change.kind, now, before, change.after)
        columns = "host, at, kind, payload, previous, after"
        self._do(f"INSERT INTO change ({columns}) VALUES (?, ?, ?, ?, ?, ?)", *values)

    def _payload(self, openings: tuple[Opening, ...]) -> int:
        text = payload.text(openings)
        digest = _digest(text)
        row = self._first("SELECT id FROM payload WHERE digest = ?", digest)
        return row[0] if row else self._do("INSERT INTO payload (digest, told) VALUES (?, ?)", digest, pack(text))

    def _forget_payload(self, number: int) -> None:
        """A text that nothing has any more."""
        self._do(
            "DELETE FROM payload WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM state WHERE payload = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM change WHERE payload = ?1 OR previous = ?1)",
            number,
        )
        self._unpacked.pop(number, None)

    def _coverage_of(self, host: int, coverage: Coverage, now: float) -> int:
        gaps = [{"what": gap.what, "why": gap.why, "remedy": gap.remedy, "about": gap.about} for gap in coverage.gaps]
        told = {"privileged": coverage.privileged, "sources": coverage.sources, "gaps": gaps}
        text = document(lambda quote: value(told, quote))
        digest = _digest(text)
        found = self._first("SELECT id FROM coverage WHERE host = ? AND digest = ?", host, digest)
        if found:
            self._do("UPDATE coverage SET last = ? WHERE id = ?", now, found[0])
            return int(found[0])
        columns = "host, digest, told, last"
        return self._do(f"INSERT INTO coverage ({columns}) VALUES (?, ?, ?, ?)", host, digest, pack(text), now)

    # -- asking

    def hosts(self) -> tuple[str, ...]:
        """The machines that there are looks of, by name."""
        with self._transaction():
            return self._hosts()

    def looks(self, host: str = "", since: float = 0.0, limit: int = 1000) -> tuple[Look, ...]:
        """The looks since a time, the latest first."""
        with self._transaction():
            number, name = self._host(host)
            return self._looks(number, name, "taken_at >= ? ORDER BY taken_at DESC LIMIT ?", since, max(limit, 0))

    def at(self, when: float, host: str = "") -> Moment | None:
        """What was open at a time; None where nobody had looked yet."""
        with self._transaction():
            number, name = self._host(host)
            looks = self._looks(number, name, "taken_at <= ? ORDER BY taken_at DESC LIMIT 1", when)
            if not looks:
                return None
            then = looks[0].taken_at
            until = self._one("SELECT MIN(taken_at) FROM look WHERE host = ? AND taken_at > ?", number, when)[0]
            state = "(SELECT payload FROM state WHERE span = span.id AND since <= ?2 ORDER BY since DESC LIMIT 1)"
            one = f"SELECT key, id, {state} AS kept FROM span WHERE host = ?1 AND first_seen <= ?2 AND "
            rows = self._rows(f"{one} gone_at IS NULL UNION ALL {one} gone_at > ?2 ORDER BY 1, 2", number, then)
            openings = [opening for _, _, kept in rows for opening in self._openings(kept)]
            return Moment(when, looks[0], tuple(openings), until)

    def history(self, transport: str, port: int | None, host: str = "") -> tuple[Span, ...]:
        """What was ever seen on a port, the latest first; "" is any transport, None any port."""
        with self._transaction():
            number, name = self._host(host)
            where = "span.host = ?1 AND (?2 = '' OR transport = ?2)" + (" AND port = ?3" if port is not None else "")
            words = (number, transport, port) if port is not None else (number, transport)
            order = "ORDER BY last_seen DESC, first_seen DESC, key, id"
            rows = self._rows(f"SELECT {LATEST}, {SPAN} FROM span WHERE {where} {order}", *words)
            return self._spans(name, rows)

    def new(self, since: float, host: str = "") -> tuple[Span, ...]:
        """What was first seen after a time, where an earlier look would have shown it; the latest first."""
        with self._transaction():
            number, name = self._host(host)
            earlier = (
                "SELECT 1 FROM span AS old WHERE old.host = ?1 AND old.first_seen < span.first_seen AND (old.key ="
                " span.key OR EXISTS (SELECT 1 FROM alias WHERE alias.span = old.id AND alias.key = span.key))"
            )
            where = f"host = ?1 AND first_seen > ?2 AND before IS NOT NULL AND NOT EXISTS ({earlier})"
            order = "ORDER BY first_seen DESC, key, id"
            return self._spans(
                name, self._rows(f"SELECT {LATEST}, {SPAN} FROM span WHERE {where} {order}", number, since)
            )

    def changes(self, since: float, host: str = "") -> tuple[Change, ...]:
        """What changed after a time, the latest first."""
        with self._transaction():
            number, _ = self._host(host)
            columns = "at, kind, payload, previous, after"
            rows = self._rows(f"SELECT {columns} FROM change WHERE host = ? AND at > ? ORDER BY id DESC", number, since)
            return tuple(
                [
                    Change(at, kind, self._openings(now)[0], self._openings(old)[0] if old else None, after)
                    for at, kind, now, old, after in rows
                ]
            )

    def presence(self, since: float = 0.0, host: str = "") -> tuple[Presence, ...]:
        """How constantly each opening was there."""
        with self._transaction():
            number, name = self._host(host)
            boots = dict(self._rows("SELECT id, name FROM boot"))
            looks = self._rows(
                "SELECT taken_at, coverage, boot FROM look WHERE host = ? AND taken_at >= ? ORDER BY taken_at",
                number,
                since,
            )
            glances = [Glance(at, kind, boots[boot]) for at, kind, boot in looks]
            kinds = {kind: self._coverage(kind) for kind in {glance.kind for glance in glances}}
            rows = list(
                self._rows(f"SELECT key, {LATEST}, {SPAN} FROM span WHERE host = ? AND last_seen >= ?", number, since)
            )
            spans = self._spans(name, [row[1:] for row in rows])
            return presence(zip([row[0] for row in rows], spans, strict=True), glances, kinds)

    def first_seen(self, host: str = "") -> dict[str, float]:
        """When each key was first seen."""
        with self._transaction():
            number, _ = self._host(host)
            return dict(
                self._rows(
                    "SELECT key, MIN(first_seen) FROM (SELECT key, first_seen FROM span WHERE host = ?1 UNION ALL SELECT"
                    " alias.key, first_seen FROM alias JOIN span ON span.id = alias.span WHERE host = ?1) GROUP BY key",
                    number,
                )
            )

    # -- forgetting

    def trim(self, before: float, most: int) -> int:
        """Forget spans that closed before a time, and the oldest while the file takes more than `most` bytes."""
        with self._transaction("IMMEDIATE"):
            gone = upkeep.forget(self._connection, before)
            while upkeep.size(self._connection) > most:
                when = upkeep.oldest(self._connection)
                if when is None:
                    break
                gone += upkeep.forget(self._connection, when)
        self._asked(upkeep.give_back, self._connection)
        return gone

    def is_due(self, now: float) -> bool:
        """Whether the file should be looked over: it is a day since, or it was left open by somebody."""
        return self._left_open or bool(self._asked(upkeep.is_due, self._connection, now))

    def check(self, now: float) -> None:
        """Look the file over. Raises DataError for one that is damaged."""
        self._asked(upkeep.check, self._connection, self.path)
        with self._transaction("IMMEDIATE"):
            upkeep.checked(self._connection, now)
        self._left_open = False

    def _asked(self, ask: Callable[..., Any], *words: Any) -> Any:
        """What a question outside of a transaction answers; SQLite's errors as ours."""
        from sqlite3 import Error  # imported already: there is a connection

        try:
            return ask(*words)
        except Error as error:
            raise told(error, self.path) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # -- rows

    def _looks(self, host: int, name: str, where: str, *words: Any) -> tuple[Look, ...]:
        columns = "look.id, taken_at, boot.name, look.coverage, openings"
        source = "look JOIN boot ON boot.id = look.boot"
        found = []
        for number, at, boot, kind, count in self._rows(
            f"SELECT {columns} FROM {source} WHERE host = ? AND {where}", host, *words
        ):
            coverage = self._coverage(kind)
            found.append(Look(number, name, at, boot, coverage.privileged, count, coverage.gaps))
        return tuple(found)

    def _spans(self, host: str, rows: Iterable[Row]) -> tuple[Span, ...]:
        return tuple([Span(host, self._openings(kept)[0], *times) for kept, *times in rows])

    def _openings(self, number: int) -> tuple[Opening, ...]:
        known = self._unpacked.get(number)
        if known is None:
            told = self._one("SELECT told FROM payload WHERE id = ?", number)[0]
            known = self._unpacked[number] = payload.read(unpack(told))
        return known

    def _coverage(self, number: int) -> Coverage:
        known = self._coverages.get(number)
        if known is None:
            told = self._one("SELECT told FROM coverage WHERE id = ?", number)[0]
            known = self._coverages[number] = inventory_json.coverage(inventory_json.loaded(unpack(told)))
        return known

    def _hosts(self) -> tuple[str, ...]:
        return tuple([name for (name,) in self._rows("SELECT name FROM host ORDER BY name")])

    def _host(self, host: str) -> tuple[int, str]:
        name = one_host(host, self._hosts())
        row = self._first("SELECT id FROM host WHERE name = ?", name)
        return (row[0] if row else 0), name

    def _rows(self, sql: str, *words: Any) -> Iterator[Row]:
        return self._connection.execute(sql, words)

    def _first(self, sql: str, *words: Any) -> Any:
        return self._connection.execute(sql, words).fetchone()

    def _one(self, sql: str, *words: Any) -> Row:
        row: Row = self._connection.execute(sql, words).fetchone()
        return row

    def _do(self, sql: str, *words: Any) -> int:
        return self._connection.execute(sql, words).lastrowid or 0

    def _count(self, sql: str, *words: Any) -> int:
        return self._connection.execute(sql, words).rowcount

    def _transaction(self, kind: str = "DEFERRED") -> _Transaction:
        self._unpacked.clear()  # another hb may have used the numbers again
        self._coverages.clear()
        return _Transaction(self._connection, self.path, kind)


class _Transaction:
    """From BEGIN to COMMIT, or back. SQLite's errors become DataError on the way out."""

    def __init__(self, connection: Connection, path: str, kind: str) -> None:
        self._connection, self._path, self._kind = connection, path, kind

    def __enter__(self) -> None:
        from sqlite3 import Error  # imported already: there is a connection

        try:
            self._connection.execute(f"BEGIN {self._kind}")
        except Error as error:
            raise told(error, self._path) from error

    def __exit__(self, kind: Any, raised: Any, _traceback: Any) -> None:
        from sqlite3 import Error  # as above

        try:
            if raised is None:
                self._connection.execute("COMMIT")
        except Error as error:
            self._back()
            raise told(error, self._path) from error
        if raised is not None:
            self._back()
            if isinstance(raised, Error):
                raise told(raised, self._path) from raised

    def _back(self) -> None:
        from sqlite3 import Error  # as above

        try:
            if self._connection.in_transaction:  # SQLite itself goes back when the disk is full
                self._connection.execute("ROLLBACK")
        except Error:
            pass  # the file goes back when it is opened next


def _digest(text: str) -> bytes:
    from hashlib import blake2b  # only where a look is kept

    return blake2b(text.encode(), digest_size=16).digest()


def _last_that_shows(looks: list[tuple[float, Coverage]], opening: Opening) -> float | None:
    return next((last for last, coverage in looks if would_show(coverage, opening)), None)

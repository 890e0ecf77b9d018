"""The store: questions, whose answers come out of indices, and forgetting. keeping.py puts looks in."""

from __future__ import annotations

from hb_engine.model.history import Change, Look, Moment, Span
from hb_engine.store.presence import Glance, presence
from hb_engine.store.refuse import one_host
from hb_engine.store.sqlite import upkeep
from hb_engine.store.sqlite.glimpses import Glimpses
from hb_engine.store.sqlite.keeping import Keeping
from hb_engine.store.sqlite.rows import LATEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hb_engine.model.history import Presence
    from hb_engine.store.sqlite.rows import Row

SPAN = "span.first_seen, span.last_seen, span.before, span.gone_at"


class Sqlite(Glimpses, Keeping):
    """A Store (contract.py) in a file. It must be closed."""

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
                    Change(
                        self._times(at)[0],
                        kind,
                        self._openings(now)[0],
                        self._openings(old)[0] if old else None,
                        self._times(after)[0],
                    )
                    for at, kind, now, old, after in rows
                ]
            )

    def presence(self, since: float = 0.0, host: str = "") -> tuple[Presence, ...]:
        """How constantly each opening was there."""
        with self._transaction():
            number, name = self._host(host)
            boots: dict[int, str] = dict(self._rows("SELECT id, name FROM boot"))
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
                    "SELECT key, MIN(first_seen) FROM (SELECT key, first_seen FROM span WHERE host = ?1 UNION ALL"
                    " SELECT alias.key, first_seen FROM alias JOIN span ON span.id = span WHERE host = ?1)"
                    " GROUP BY key",
                    number,
                )
            )

    # -- forgetting

    def trim(self, before: float, most: int) -> int:
        """Forget spans that closed before a time, and the oldest while the file takes more than `most` bytes."""
        with self._transaction("IMMEDIATE"):
            gone = upkeep.forget(self._connection, before)
            while upkeep.size(self._connection) > most:
                when, changed = upkeep.oldest(self._connection), self._connection.total_changes
                if when is None:
                    break
                gone += upkeep.forget(self._connection, when)
                if self._connection.total_changes == changed:
                    break  # what is left is the last of each machine
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

    # -- rows

    def _looks(self, host: int, name: str, where: str, *words: Any) -> tuple[Look, ...]:
        columns = "look.id, taken_at, boot.name, look.coverage, openings"
        source = "look JOIN boot ON boot.id = look.boot"
        found = []
        for number, at, boot, kind, count in self._rows(
            f"SELECT {columns} FROM {source} WHERE host = ? AND {where}", host, *words
        ):
            coverage = self._coverage(kind)
            found.append(Look(number, name, self._times(at)[0], boot, coverage.privileged, count, coverage.gaps))
        return tuple(found)

    def _spans(self, host: str, rows: Iterable[Row]) -> tuple[Span, ...]:
        return tuple([Span(host, self._openings(kept)[0], *self._times(*times)) for kept, *times in rows])

    def _hosts(self) -> tuple[str, ...]:
        return tuple([name for (name,) in self._rows("SELECT name FROM host ORDER BY name")])

    def _host(self, host: str) -> tuple[int, str]:
        name = one_host(host, self._hosts())
        row = self._first("SELECT id FROM host WHERE name = ?", name)
        return (row[0] if row else 0), name

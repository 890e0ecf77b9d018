"""Answers of bounded size for pages, out of a history of any size: what is not asked for is not unpacked.

A history may hold tens of thousands of spans, of a machine that opens and closes a port each minute. Whoever shows a
page wants the times of some hundred keys, or the latest of what was seen on a port. So times and keys are read as rows,
what is left out is counted, and only openings that are told are made of their text.
"""

from __future__ import annotations

from hb_engine.model.history import Change, Span, Stay
from hb_engine.model.inventory import Coverage
from hb_engine.model.opening import Opening
from hb_engine.model.record import record
from hb_engine.store.sqlite.rows import LATEST, Rows

COLUMNS = "id, key, first_seen, last_seen, before, gone_at"


@record
class KeyTimes:
    """A key, the opening that was last seen under it, its spans, the oldest first, and its other names."""

    key: str
    opening: Opening
    spans: tuple[Stay, ...]
    aliases: tuple[str, ...] = ()  # under which looks of other rights have shown it


@record
class Strip:
    """What was there in a time, by keys; `looks` are times with the number of their coverage in `kinds`."""

    looks: tuple[tuple[float, int], ...]
    kinds: tuple[tuple[int, Coverage], ...]
    keys: tuple[KeyTimes, ...]  # those that are open first, then the latest
    first: float | None = None  # the first look that is known
    left_out: int = 0  # keys


class Glimpses(Rows):
    """A file that is open, and asked for little."""

    def strip(self, host: str, since: float, most: int) -> Strip:
        """The keys of a machine that were there after a time, `most` of them, and when anybody looked."""
        with self._transaction():
            number = self._number(host)
            looks = tuple(
                self._rows(
                    "SELECT taken_at, coverage FROM look WHERE host = ? AND taken_at >= ? ORDER BY 1", number, since
                )
            )
            kinds = tuple([(kind, self._coverage(kind)) for kind in sorted({kind for _, kind in looks})])
            first = self._one("SELECT MIN(taken_at) FROM look WHERE host = ?", number)[0]
            spans: dict[str, list[tuple[int, Stay]]] = {}
            for span, key, *times in self._rows(
                f"SELECT {COLUMNS} FROM span WHERE host = ? ORDER BY first_seen", number
            ):
                spans.setdefault(key, []).append((span, Stay(*self._times(*times))))
            wanted = sorted(
                [key for key in spans if _last(spans[key]) >= since], key=lambda key: _rank(spans[key], key)
            )
            keys = tuple([self._key(key, spans[key]) for key in wanted[:most]])
            return Strip(looks, kinds, keys, first, max(len(wanted) - most, 0))

    def port(self, host: str, transport: str, port: int, most: int) -> tuple[tuple[Span, ...], int]:
        """The latest spans on a port, `most` of them, and how many there are; transport "" is any."""
        with self._transaction():
            where = "span.host = ?1 AND port = ?3 AND (?2 = '' OR transport = ?2)"
            words = (self._number(host), transport, port)
            count = self._one(f"SELECT COUNT(*) FROM span WHERE {where}", *words)[0]
            order = "ORDER BY gone_at IS NOT NULL, last_seen DESC, first_seen DESC, id LIMIT ?4"
            columns = f"{LATEST}, first_seen, last_seen, before, gone_at"
            rows = self._rows(f"SELECT {columns} FROM span WHERE {where} {order}", *words, most)
            return tuple([Span(host, self._openings(kept)[0], *self._times(*times)) for kept, *times in rows]), count

    def ports(self, hosts: tuple[str, ...]) -> tuple[int, ...]:
        """The ports that any of these machines has a span on, by number."""
        with self._transaction():
            found: set[int] = set()
            for host in hosts:
                where = "host = ? AND port IS NOT NULL"
                found.update(
                    [
                        port
                        for (port,) in self._rows(f"SELECT DISTINCT port FROM span WHERE {where}", self._number(host))
                    ]
                )
            return tuple(sorted(found))

    def latest(self, host: str, since: float, most: int) -> tuple[tuple[Change, ...], int]:
        """The latest changes after a time, `most` of them, and how many there are."""
        with self._transaction():
            number = self._number(host)
            count = self._one("SELECT COUNT(*) FROM change WHERE host = ? AND at > ?", number, since)[0]
            columns = "at, kind, payload, previous, after"
            sql = f"SELECT {columns} FROM change WHERE host = ? AND at > ? ORDER BY id DESC LIMIT ?"
            found = [
                Change(
                    self._times(at)[0],
                    kind,
                    self._openings(now)[0],
                    self._openings(old)[0] if old else None,
                    self._times(after)[0],
                )
                for at, kind, now, old, after in self._rows(sql, number, since, most)
            ]
            return tuple(found), count

    def bounds(self, host: str) -> tuple[float | None, float | None]:
        """When a machine was first looked at, as far as is known, and when last; None where nobody did."""
        with self._transaction():
            first, last = self._one("SELECT MIN(taken_at), MAX(taken_at) FROM look WHERE host = ?", self._number(host))
            return self._times(first)[0], self._times(last)[0]

    def _number(self, host: str) -> int:
        if not host.isascii() and host.encode("utf-8", "replace").decode() != host:
            return 0  # half a surrogate pair stands for bytes that are no UTF-8: SQLite has no such text
        row = self._first("SELECT id FROM host WHERE name = ?", host)
        return int(row[0]) if row else 0

    def _key(self, key: str, spans: list[tuple[int, Stay]]) -> KeyTimes:
        last = max(spans, key=lambda one: one[1].last_seen)[0]
        kept = self._one(f"SELECT {LATEST} FROM span WHERE id = ?", last)[0]
        names = {name for span, _ in spans for (name,) in self._rows("SELECT key FROM alias WHERE span = ?", span)}
        return KeyTimes(key, self._openings(kept)[0], tuple([times for _, times in spans]), tuple(sorted(names)))


def _last(spans: list[tuple[int, Stay]]) -> float:
    """When a key was last there; for ever, where it may still be."""
    return max([float("inf") if one.gone_at is None else one.last_seen for _, one in spans])


def _rank(spans: list[tuple[int, Stay]], key: str) -> tuple[bool, float, str]:
    return all(one.gone_at is not None for _, one in spans), -max([one.last_seen for _, one in spans]), key

"""How a look goes in: whole, or not at all.

A look that changes nothing costs a row of some 30 bytes and a time in each open span. Openings are packed JSON, the
same ones once.
"""

from __future__ import annotations

from hb_engine.model.coverage import would_show
from hb_engine.store import payload
from hb_engine.store.compare import Held, compare
from hb_engine.store.refuse import refuse
from hb_engine.store.sqlite.packing import pack
from hb_engine.store.sqlite.rows import LATEST, Rows
from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.history import Change
    from hb_engine.model.inventory import Coverage, Inventory
    from hb_engine.model.opening import Opening
    from hb_engine.store.compare import Step


class Keeping(Rows):
    """A file that looks are put into."""

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
            self._do("UPDATE span SET port = ? WHERE id = ?", step.openings[0].port, step.span)
            self._do("INSERT INTO state (span, since, payload) VALUES (?, ?, ?)", step.span, now, new)

    def _keep_look(self, host: int, seen: Inventory) -> None:
        coverage = self._coverage_of(host, seen.coverage, seen.taken_at)
        self._do("INSERT OR IGNORE INTO boot (name) VALUES (?)", seen.host.boot_id)
        boot = self._one("SELECT id FROM boot WHERE name = ?", seen.host.boot_id)[0]
        values = (host, seen.taken_at, coverage, boot, len(seen.openings))
        self._do("INSERT INTO look (host, taken_at, coverage, boot, openings) VALUES (?, ?, ?, ?, ?)", *values)

    def _keep_change(self, host: int, change: Change) -> None:
        now, before = self._payload((change.opening,)), change.previous and self._payload((change.previous,))
        keys = (change.opening.key, change.previous.key if change.previous else None)
        values = (host, change.at, change.kind, *keys, now, before, change.after)
        columns = "host, at, kind, key, was, payload, previous, after"
        self._do(f"INSERT INTO change ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", *values)

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


def _digest(text: str) -> bytes:
    from hashlib import blake2b  # only where a look is kept

    return blake2b(text.encode(), digest_size=16).digest()


def _last_that_shows(looks: list[tuple[float, Coverage]], opening: Opening) -> float | None:
    return next((last for last, coverage in looks if would_show(coverage, opening)), None)

"""Between which looks each drift came: what led to it is looked for in that time, and nowhere else.

History knows best: the last look that did not show it, and the first that did. Where there is none, it came since the
last look of any kind, since hb.lock was written, or within a week. Of what was open already when hb.lock was written,
not its first look counts but the one that showed another fact of it. It refuses to look further back than a month: logs
are long, and what happened then explains nothing any more.
"""

from __future__ import annotations

from hb_engine.baseline.lock import plain
from hb_engine.judge.drift import own
from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.judge.drift import Spans
    from hb_engine.model.baseline import Lock
    from hb_engine.model.history import Span
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.report import Verdict
    from hb_engine.store.contract import Store

WEEK, MONTH = 7 * 86400.0, 30 * 86400.0  # seconds
# Drifts of what may have been open for long: another fact of it, not its opening, is what came.
OF_FACTS = ("owner-changed", "pinned-changed", "suspicious", "speaks-else", "weakened")
MOST = 100  # drifts that history is asked about


def spans(drift: Iterable[Verdict], seen: Inventory, lock: Lock) -> Spans:
    """(after, until) in seconds since the epoch, by a verdict's kind and key."""
    store = _store()
    try:
        return _Spans(store, seen, lock).of(drift)
    except DataError:  # hb history says what is wrong with its file; causes can do without
        return _Spans(None, seen, lock).of(drift)
    finally:
        if store is not None:
            store.close()


def _store() -> Store | None:
    from hb_engine.app.remembering.history import open_store

    try:
        return open_store()
    except DataError:
        return None


class _Spans:
    """What is asked of one machine's history."""

    def __init__(self, store: Store | None, seen: Inventory, lock: Lock) -> None:
        self._store, self._host, self._now = store, seen.host.name, seen.taken_at
        self._earliest = self._now - MONTH
        known = own(lock, seen.host)[0]
        self._learned = float(known.learned_at) if known else None
        self._threads = {one.thread for one in known.observed} if known else set()
        self._before = self._last_time()

    def _last_time(self) -> float:
        """When things were last looked at: by a look that was kept, or when hb.lock was written."""
        times = [] if self._learned is None else [self._learned]
        if self._store is not None:
            times += [look.taken_at for look in self._store.looks(self._host, since=self._earliest, limit=1)]
        return max([at for at in times if at < self._now], default=self._now - WEEK)

    def of(self, drift: Iterable[Verdict]) -> Spans:
        """All of them, each no earlier than a month ago."""
        found = {}
        for number, one in enumerate(drift):
            after, until = self._one(one) if number < MOST else (self._before, self._now)
            found[one.kind, one.key] = (min(max(after, self._earliest), until), until)
        return found

    def _one(self, one: Verdict) -> tuple[float, float]:
        parts = one.key.split("/")
        port = int(parts[2]) if len(parts) > 2 and parts[2].isascii() and parts[2].isdigit() else None
        if self._store is None or port is None:
            return self._before, self._now
        history = self._store.history(parts[0], port, self._host)
        span = _closed(history) if one.kind == "gone" else _open(history, one.key)
        if span is not None and span[0] < (self._learned or 0.0) and one.kind in OF_FACTS and self._was_known(one):
            return self._changed(one)  # it was there, and well, when hb.lock was written
        return span or (self._before, self._now)

    def _was_known(self, one: Verdict) -> bool:
        return one.opening is not None and plain(one.opening.thread) in self._threads

    def _changed(self, one: Verdict) -> tuple[float, float]:
        """Between which looks a fact of what is open changed, as far as looks keep it; what speaks there, none does."""
        since = self._learned or 0.0
        if one.kind in ("speaks-else", "weakened") or self._store is None:
            return since, self._now
        for change in self._store.changes(since, self._host):
            if change.kind == "facts" and change.opening.key == one.key:
                return (change.after if change.after is not None else since), change.at
        return self._before, self._now


def _closed(history: tuple[Span, ...]) -> tuple[float, float] | None:
    """Between which looks the last that was there went."""
    return next(((one.last_seen, one.gone_at) for one in history if one.gone_at is not None), None)


def _open(history: tuple[Span, ...], key: str) -> tuple[float, float] | None:
    """Between which looks what is there came."""
    one = next((each for each in history if each.gone_at is None and each.opening.key == key), None)
    return None if one is None else (one.before if one.before is not None else 0.0, one.first_seen)

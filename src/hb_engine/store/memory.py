"""History in memory: what every other store is measured against, and what tests use. It keeps nothing.

Written to be read: lists that are searched from one end to the other. What it shares with other stores is how looks are
compared (compare.py) and counted (presence.py); how spans are kept and found is its own.
"""

from __future__ import annotations

from hb_engine.model.coverage import would_show
from hb_engine.model.history import Look, Moment, Span
from hb_engine.store import payload
from hb_engine.store.compare import Held, compare
from hb_engine.store.presence import Glance, presence
from hb_engine.store.refuse import one_host, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.history import Change, Presence
    from hb_engine.model.inventory import Coverage, Inventory
    from hb_engine.model.opening import Opening
    from hb_engine.store.compare import Step


class _Span:
    """A span as it grows. `states` are its openings by the look from which on they were so."""

    def __init__(self, key: str, first_seen: float, before: float | None) -> None:
        self.key, self.first_seen, self.before = key, first_seen, before
        self.last_seen = first_seen
        self.gone_at: float | None = None
        self.aliases: set[str] = set()
        self.states: list[tuple[float, tuple[Opening, ...]]] = []

    def at(self, when: float) -> tuple[Opening, ...]:
        """Its openings at a time, which is not before it began."""
        return [openings for since, openings in self.states if since <= when][-1]

    def told(self, host: str) -> Span:
        """The span as everybody has it."""
        opening = self.states[-1][1][0]
        return Span(host, opening, self.first_seen, self.last_seen, self.before, self.gone_at)


class _Host:
    def __init__(self) -> None:
        self.looks: list[tuple[Look, Coverage]] = []  # in the order of time
        self.spans: list[_Span] = []
        self.changes: list[Change] = []


class Memory:
    """A Store (contract.py) that is gone with its program."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._looks = 0

    def record(self, seen: Inventory) -> tuple[Change, ...]:
        """Keep a look; what changed since the one before. Raises BadInput."""
        host = self._hosts.get(seen.host.name, _Host())
        last = host.looks[-1][0].taken_at if host.looks else None
        if refuse(seen, last):
            return ()
        self._hosts[seen.host.name] = host
        spans = enumerate(host.spans, 1)
        held = [Held(number, span.key, span.states[-1][1]) for number, span in spans if span.gone_at is None]
        steps, changes = compare(held, seen, last, lambda opening: _last_that_shows(host, opening))
        for step in steps:
            _take(host, step, seen.taken_at)
        self._looks += 1
        coverage = seen.coverage
        count = len(seen.openings)
        look = Look(
            self._looks, seen.host.name, seen.taken_at, seen.host.boot_id, coverage.privileged, count, coverage.gaps
        )
        host.looks.append((look, coverage))
        host.changes += changes
        return changes

    def hosts(self) -> tuple[str, ...]:
        """The machines that there are looks of, by name."""
        return tuple(sorted(self._hosts))

    def looks(self, host: str = "", since: float = 0.0, limit: int = 1000) -> tuple[Look, ...]:
        """The looks since a time, the latest first."""
        found = [look for look, _ in self._of(host)[1].looks if look.taken_at >= since]
        return tuple(found[::-1][:limit])

    def at(self, when: float, host: str = "") -> Moment | None:
        """What was open at a time; None where nobody had looked yet."""
        kept = self._of(host)[1]
        before = [look for look, _ in kept.looks if look.taken_at <= when]
        after = [look for look, _ in kept.looks if look.taken_at > when]
        if not before:
            return None
        look = before[-1]
        there = [span for span in kept.spans if span.first_seen <= look.taken_at and not _gone(span, look.taken_at)]
        openings = [one for span in sorted(there, key=lambda span: span.key) for one in span.at(look.taken_at)]
        return Moment(when, look, tuple(openings), after[0].taken_at if after else None)

    def history(self, transport: str, port: int | None, host: str = "") -> tuple[Span, ...]:
        """What was ever seen on a port, the latest first; "" is any transport, None any port."""
        name, kept = self._of(host)
        found = [
            span
            for span in kept.spans
            for opening in span.states[-1][1][:1]
            if transport in ("", opening.transport) and port in (None, opening.port)
        ]
        found.sort(key=lambda span: (-span.last_seen, -span.first_seen, span.key))
        return tuple([span.told(name) for span in found])

    def new(self, since: float, host: str = "") -> tuple[Span, ...]:
        """What was first seen after a time, where an earlier look would have shown it; the latest first."""
        name, kept = self._of(host)
        first = self.first_seen(host)
        found = [
            span
            for span in kept.spans
            if span.first_seen > since and span.before is not None and first[span.key] == span.first_seen
        ]
        found.sort(key=lambda span: (-span.first_seen, span.key))
        return tuple([span.told(name) for span in found])

    def changes(self, since: float, host: str = "") -> tuple[Change, ...]:
        """What changed after a time, the latest first."""
        return tuple([change for change in self._of(host)[1].changes if change.at > since][::-1])

    def presence(self, since: float = 0.0, host: str = "") -> tuple[Presence, ...]:
        """How constantly each opening was there."""
        name, kept = self._of(host)
        looks = [(look, coverage) for look, coverage in kept.looks if look.taken_at >= since]
        kinds = {at: coverage for at, (_, coverage) in enumerate(looks)}
        glances = [Glance(look.taken_at, at, look.boot_id) for at, (look, _) in enumerate(looks)]
        spans = [(span.key, span.told(name)) for span in kept.spans if span.last_seen >= since]
        return presence(spans, glances, kinds)

    def first_seen(self, host: str = "") -> dict[str, float]:
        """When each key was first seen."""
        found: dict[str, float] = {}
        for span in self._of(host)[1].spans:
            for key in (span.key, *span.aliases):
                found[key] = min(span.first_seen, found.get(key, span.first_seen))
        return found

    def trim(self, before: float, most: int) -> int:
        """Forget spans that closed before a time, and the oldest while there are more than `most` bytes of them."""
        gone = 0
        for host in self._hosts.values():
            gone += _forget(host, before)
        while self._size() > most:
            closed = [(span.gone_at, host) for host in self._hosts.values() for span in host.spans if span.gone_at]
            if not closed:
                break
            when, oldest = min(closed, key=lambda pair: pair[0])
            gone += _forget(oldest, when + 0.001)
        return gone

    def close(self) -> None:
        """Nothing to let go of."""

    def _of(self, host: str) -> tuple[str, _Host]:
        name = one_host(host, self.hosts())
        return name, self._hosts.get(name, _Host())

    def _size(self) -> int:
        states = [state for host in self._hosts.values() for span in host.spans for state in span.states]
        return sum([len(payload.text(openings)) for _, openings in states])


def _take(host: _Host, step: Step, now: float) -> None:
    if step.deed == "open":
        first = host.spans[step.like - 1].first_seen if step.like else now
        before = host.spans[step.like - 1].before if step.like else step.before
        span = _Span(step.key, first, before)
        span.last_seen = now
        span.states.append((first, step.openings))
        host.spans.append(span)
        return
    span = host.spans[step.span - 1]
    if step.deed == "close":
        span.gone_at = now
        return
    span.last_seen = now
    if step.key != span.key:
        span.aliases.add(span.key if step.deed == "learn" else step.key)
        span.key = step.key if step.deed == "learn" else span.key
    if step.deed == "learn":
        span.states[-1] = (span.states[-1][0], step.openings)
    elif step.deed == "facts":
        span.states.append((now, step.openings))


def _gone(span: _Span, when: float) -> bool:
    return span.gone_at is not None and span.gone_at <= when


def _last_that_shows(host: _Host, opening: Opening) -> float | None:
    return next((look.taken_at for look, coverage in host.looks[::-1] if would_show(coverage, opening)), None)


def _forget(host: _Host, before: float) -> int:
    kept = [span for span in host.spans if span.gone_at is None or span.gone_at >= before]
    gone = len(host.spans) - len(kept)
    host.spans = kept
    host.changes = [change for change in host.changes if change.at >= before]
    earlier = [look.taken_at for look, _ in host.looks if look.taken_at <= before]
    first = earlier[-1] if earlier else before
    host.looks = [(look, coverage) for look, coverage in host.looks if look.taken_at >= first]
    return gone

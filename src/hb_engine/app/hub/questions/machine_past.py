"""What was open on a machine, day by day, and when anybody looked: for strips of ninety days and for stories.

    await ask.hub.ask("machine-past", host="web-17", days=90)

Each key has a letter for each day: o where a look showed it, c where looks would have and did not, - where nobody
looked, or not so that it would have been seen. It refuses to make "closed" of "nobody looked".
"""

from __future__ import annotations

import time

from hb_engine.app.hub import past
from hb_engine.app.hub.questions import Question
from hb_engine.app.remembering import history
from hb_engine.model.errors import BadInput
from hb_engine.model.history import Change, Stay
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.hub.questions import Place
    from hb_engine.store.sqlite.glimpses import KeyTimes
    from hb_engine.store.sqlite.store import Sqlite

QUESTION = Question("machine-past", "what was open on a machine, day by day, and when anybody looked")
MOST, SPANS, CHANGES = 2000, 50, 200  # keys; spans of one, the latest; changes
HELD = 16  # answers that are held, for as long as the file stays as it is


@record
class KeyPast:
    """One key: since when it is known, whether it is open as far as history knows, and how each day was."""

    key: str
    transport: str
    port: int | None
    first_seen: float
    last_seen: float
    is_open: bool
    days: str  # a letter for each day of the strip, past.OPEN, CLOSED or NOBODY
    spans: tuple[Stay, ...] = ()  # the latest, the oldest first
    more: int = 0  # older spans that are left out
    aliases: tuple[str, ...] = ()  # keys under which looks of other rights have shown it


@record
class Past:
    """A machine's days. `edges` is when each begins, in local time, and when the last one ends."""

    host: str
    edges: tuple[float, ...]
    looked: tuple[int, ...]  # how many looks there were on each day
    keys: tuple[KeyPast, ...]  # those that are open first, then the latest
    changes: tuple[Change, ...] = ()  # in these days, the latest first
    first: float | None = None  # the first look that is known
    last: float | None = None  # the last one of these days
    left_out: int = 0  # keys
    more_changes: int = 0

    def of(self, key: str) -> KeyPast | None:
        """What is known of a key, also under another name; None where it was not there in these days."""
        return next((one for one in self.keys if one.key == key or key in one.aliases), None)


_KNOWN: dict[object, Past] = {}  # the same question of the same file, the oldest first


def answer(place: Place, host: str = "", days: int = 90) -> Past:  # noqa: ARG001 -- every question has a place
    """The last days, today included, of this machine where none is named. Raises BadInput, DataError."""
    if not 1 <= days <= past.LONGEST:
        raise BadInput(f"{days} days cannot be shown", f"Ask for 1 to {past.LONGEST}.")
    edges = past.days(time.time(), days)
    marks = past.marks()
    place_of = (history.path(), marks, host, edges[0], edges[-1])
    if marks is None or place_of not in _KNOWN:
        told = past.asked(lambda store: of(store, host, edges))
        while len(_KNOWN) >= HELD:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[place_of] = told
    return _KNOWN[place_of]


def of(store: Sqlite, host: str, edges: tuple[float, ...]) -> Past:
    """The days between these edges. Of a machine that history does not know they say that nobody looked."""
    name = host or history.here()
    strip = store.strip(name, edges[0], MOST)
    calendar = past.Calendar(edges, strip)
    changes, count = store.latest(name, edges[0], CHANGES)
    return Past(
        name,
        edges,
        calendar.looked,
        tuple([_key(one, calendar.states(one)) for one in strip.keys]),
        tuple([_light(one) for one in changes]),
        strip.first,
        strip.looks[-1][0] if strip.looks else None,
        strip.left_out,
        count - len(changes),
    )


def _key(one: KeyTimes, days: str) -> KeyPast:
    stays = one.spans
    return KeyPast(
        one.key,
        one.opening.transport,
        one.opening.port,
        stays[0].first_seen,
        max([each.last_seen for each in stays]),
        any(each.gone_at is None for each in stays),
        days,
        stays[-SPANS:],
        max(len(stays) - SPANS, 0),
        one.aliases,
    )


def _light(change: Change) -> Change:
    """A change without what no list of changes shows of its openings."""
    return replace(
        change,
        opening=replace(change.opening, inodes=()),
        previous=change.previous and replace(change.previous, inodes=()),
    )

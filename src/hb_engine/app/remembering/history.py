"""What was: where this machine's history lies, what it knows, and how a look is put into it.

Root's history is the machine's, /var/lib/hb-engine/history.db; a person's own is in the state folder; HB_HISTORY names
another file. Nobody's history is made by asking: only a look that is to be kept makes the file. Verdicts are not kept:
what was open is judged again when it is asked for, by the rules of today.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.history import Change, Moment, News, Span
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hb_engine.store.contract import Store
    from hb_engine.store.sqlite.repair import Repaired
    from hb_engine.store.sqlite.store import Sqlite

FILE = "history.db"
OVERTAKEN = 3  # times that a look may be overtaken by another hb's before it is the clock's fault
HINTED = "history-hint"  # in the cache: its being there says that somebody was told
KEEP, MOST = 400 * 86400, 256 << 20  # seconds that closed spans are kept for; bytes of the file
NOTHING = BadInput(
    "there is no history yet",
    "hb record keeps a look; hb record --timer shows how to have one kept every five minutes.",
)


@record
class Known:
    """What history knows of a machine: when each key was first seen, and since when anybody looks (None: never)."""

    first_seen: dict[str, float]
    since: float | None = None


@record
class Kept:
    """A look that was kept, where, what changed since the one before, and when that was (None: it is the first)."""

    look: Inventory
    path: str
    changes: tuple[Change, ...] = ()
    before: float | None = None


@record
class Past:
    """What was open at a time: as an inventory, judged by today's rules, and the moment as history has it."""

    seen: Inventory
    moment: Moment


@record
class Story:
    """What history tells of a machine: spans or changes, and since when and until when anybody looked."""

    host: str
    path: str
    spans: tuple[Span, ...] = ()
    changes: tuple[Change, ...] = ()
    first: float | None = None
    last: float | None = None


# -- where


def path() -> str | None:
    """The file of this user's history, whether it is there or not; None where there is no place for it."""
    named = os.environ.get("HB_HISTORY", "")
    if named:
        return os.path.abspath(named)
    folder = folders.history()
    return os.path.join(folder, FILE) if folder else None


def open_store(*, create: bool = False) -> Store | None:
    """The history of this user, to be closed by the caller; None where there is none. Raises DataError."""
    return _opened(create=create)


def open_sqlite() -> Sqlite | None:
    """The same, for what a file alone can be asked (store/sqlite/glimpses.py). Raises DataError."""
    return _opened(create=False)


def here() -> str:
    """The name of this machine, as its looks tell it."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    from socket import gethostname  # Windows

    return gethostname()


# -- keeping


def take() -> Kept:
    """Look at this machine and keep the look. Raises CannotLook, BadInput, DataError.

    Where another hb has kept a later look meanwhile, the machine is looked at once more.
    """
    for _ in range(OVERTAKEN):
        try:
            return _taken()
        except BadInput:
            continue
    return _taken()


def _taken() -> Kept:
    from hb_engine.app.looking.collect import collect  # whoever asks for history looks at nothing

    seen = collect()
    where, before = path() or "", None
    store = _opened(create=False)
    if store is not None:
        try:
            looks = store.looks(seen.host.name, limit=1) if seen.host.name in store.hosts() else ()
            before = looks[0].taken_at if looks else None
        finally:
            store.close()
    return Kept(seen, where, remember(seen), before)


def remember(seen: Inventory) -> tuple[Change, ...]:
    """Keep a look; what changed since the one before. Raises BadInput for one that is no history, DataError.

    Once a day the file is looked over, and what is old is forgotten.
    """
    store = _opened(create=True)
    if store is None:
        raise DataError("there is no place to keep history in", "Name a file in HB_HISTORY.")
    try:
        now = time.time()
        due = store.is_due(now)
        if due:
            store.check(now)
        changes = store.record(seen)
        if due:
            store.trim(now - KEEP, MOST)
        return changes
    finally:
        store.close()


def repair() -> Repaired:
    """Set the file aside if it is damaged, or holds what is still to come, and save what can be read. DataError."""
    where = path()
    if where is None:
        raise DataError("there is no place to keep history in", "Name a file in HB_HISTORY.")
    from hb_engine.store.sqlite.repair import repair as mend  # a rarity

    return mend(where, time.time())


# -- asking


def known(host: str = "") -> Known:
    """What is known of a machine, this one where none is named. Raises DataError for a file that is damaged."""
    store = open_store()
    if store is None:
        return Known({})
    try:
        name = host or here()
        if name not in store.hosts():
            return Known({})
        first = store.first_seen(name)
        return Known(first, min(first.values(), default=None))
    finally:
        store.close()


def at(when: float, host: str = "") -> Past:
    """What was open at a time. Raises BadInput where nobody had looked yet, or there is no history; DataError."""
    store = _there()
    try:
        name = _meant(store, host)
        moment = store.at(when, name)
        looks = store.looks(name, limit=1) if moment is None else ()
    finally:
        store.close()
    if moment is None:
        from hb_engine.wire.dates import iso  # only in trouble

        first = known(name).since
        since = f"The first look is of {iso(first)}." if looks and first is not None else "hb record keeps a look."
        raise BadInput(f"nobody had looked at {name} then", since)
    coverage = Coverage(moment.look.privileged, (), moment.look.gaps)
    seen = Inventory(Host(name, "", boot_id=moment.look.boot_id), moment.look.taken_at, coverage, moment.openings)
    judged = _judged(seen)
    return Past(judged, replace(moment, openings=judged.openings))


def new(since: float, host: str = "") -> Story:
    """What was first seen after a time, and had never been there before. Raises BadInput, DataError."""
    return _story(host, spans=lambda store, name: store.new(since, name))


def spans(transport: str, port: int | None, host: str = "", since: float = 0.0) -> Story:
    """What was ever seen on a port, and not gone before a time. Raises BadInput, DataError."""

    def found(store: Store, name: str) -> tuple[Span, ...]:
        every = store.history(transport, port, name)
        return tuple([span for span in every if span.gone_at is None or span.gone_at >= since])

    return _story(host, spans=found)


def changes(since: float, host: str = "") -> Story:
    """What changed after a time, the latest first. Raises BadInput, DataError."""
    return _story(host, changes=lambda store, name: store.changes(since, name))


def news(since: float) -> News | None:
    """What changed here after a time, by keys alone, for a line in passing; None where there is no history.

    It costs a few milliseconds, and a file that cannot be read costs the line: whoever looks is told by hb history.
    """
    where = path()
    if where is None or not os.path.lexists(where):
        return None
    from hb_engine.store.sqlite import files  # as below
    from hb_engine.store.sqlite.news import news as told  # a whole store costs twice as much

    try:
        return told(where, since, here()) if files.check(where) else None
    except DataError:
        return None


def hint() -> bool:
    """Whether nobody was told yet that no history is kept; and now somebody is."""
    where, folder = path(), folders.cache()
    if where is None or folder is None or os.path.lexists(where):
        return False
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        os.close(os.open(os.path.join(folder, HINTED), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:  # told already; or nothing can be remembered here, and then nothing is said
        return False
    return True


def _story(host: str, **ask: Callable[[Store, str], Any]) -> Story:
    store = _there()
    try:
        name = _meant(store, host)
        told = {field: question(store, name) for field, question in ask.items()}
        last = store.looks(name, limit=1)
        first = store.first_seen(name)
    finally:
        store.close()
    began = min(first.values(), default=None)
    story = Story(name, path() or "", first=began, last=last[0].taken_at if last else None)
    return replace(story, **{field: _all_judged(items) if field == "spans" else items for field, items in told.items()})


def _all_judged(found: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans whose openings have what is registered for them and what today's rules say."""
    if not found:
        return found
    every = tuple([span.opening for span in found])
    seen = Inventory(Host(found[0].host, ""), 0.0, Coverage(privileged=True), every)
    return tuple([replace(span, opening=one) for span, one in zip(found, _judged(seen).openings, strict=True)])


def _judged(seen: Inventory) -> Inventory:
    from hb_engine.app.looking.look import Bench  # brings registry and rules along

    return Bench().judged(seen)


def _meant(store: Store, host: str) -> str:
    """The machine that is meant: this one, where none is named and there are looks of it; else the only one."""
    known_hosts = store.hosts()
    if not known_hosts:
        raise NOTHING
    if host:
        return host
    return here() if here() in known_hosts else known_hosts[0] if len(known_hosts) == 1 else ""


def _there() -> Sqlite:
    store = _opened(create=False)
    if store is None:
        raise NOTHING
    return store


def _opened(*, create: bool) -> Sqlite | None:
    where = path()
    if where is None:
        return None
    if not create and not _may_be_there(where):
        return None  # what most machines answer, at the price of one look at a folder
    from hb_engine.store.sqlite import files  # nobody asks for history on the way to a port

    if create:
        files.prepare(where)
    elif not files.check(where):
        return None
    from hb_engine.store.sqlite.store import Sqlite  # as above

    return Sqlite(where)


def _may_be_there(path: str) -> bool:
    """Whether there is a file; also where nobody may look, which is another answer than that there is none."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # files.check says what stands in the way
    return True

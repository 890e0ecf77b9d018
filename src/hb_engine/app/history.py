"""What was: where this machine's history lies, what it knows, and how a look is put into it.

Root's history is the machine's, /var/lib/hb-engine/history.db; a person's own is in the state folder; HB_HISTORY names
another file. Nobody's history is made by asking: only a look that is to be kept makes the file.
"""

from __future__ import annotations

import os
import time

from hb_engine.app import folders
from hb_engine.model.errors import DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.model.history import Change
    from hb_engine.model.inventory import Inventory
    from hb_engine.store.contract import Store
    from hb_engine.store.sqlite.store import Sqlite

FILE = "history.db"
KEEP, MOST = 400 * 86400, 256 << 20  # seconds that closed spans are kept for; bytes of the file


@record
class Known:
    """What history knows of a machine: when each key was first seen, and since when anybody looks (None: never)."""

    first_seen: Mapping[str, float]
    since: float | None = None


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


def remember(seen: Inventory) -> tuple[Change, ...]:
    """Keep a look; what changed since the one before. Raises BadInput for one that is no history, DataError."""
    store = _opened(create=True)
    if store is None:
        raise DataError("there is no place to keep history in", "Name a file in HB_HISTORY.")
    try:
        now, due = time.time(), store.is_due(time.time())
        if due:
            store.check(now)
        changes = store.record(seen)
        if due:
            store.trim(now - KEEP, MOST)
        return changes
    finally:
        store.close()


def here() -> str:
    """The name of this machine, as its looks tell it."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    from socket import gethostname  # Windows

    return gethostname()


def _opened(*, create: bool) -> Sqlite | None:
    where = path()
    if where is None:
        return None
    from hb_engine.store.sqlite import files  # nobody asks for history on the way to a port

    if create:
        files.prepare(where)
    elif not files.check(where):
        return None
    from hb_engine.store.sqlite.store import Sqlite  # as above

    return Sqlite(where)

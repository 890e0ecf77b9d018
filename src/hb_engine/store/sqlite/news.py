"""What `hb` tells in passing: changes and open spans by their keys alone, so that no opening is unpacked.

It has a connection of its own rather than a whole store's: half of what a store costs is importing what compares and
unpacks openings, and a screen that is looked at all day has a few milliseconds for yesterday.
"""

from __future__ import annotations

from hb_engine.model.history import KeyChange, News
from hb_engine.store.sqlite.connect import connect, refusals, told


def news(path: str, since: float, host: str) -> News:
    """What changed at a machine after a time, and what is open there. The file must be there. Raises DataError."""
    connection = connect(path)
    try:
        run = connection.execute
        run("BEGIN")
        row = run("SELECT id FROM host WHERE name = ?", (host,)).fetchone()
        if row is None:
            return News(None)
        last = run("SELECT MAX(taken_at) FROM look WHERE host = ?", row).fetchone()[0]
        changes = run("SELECT at, kind, key, was FROM change WHERE host = ? AND at > ? ORDER BY id", (*row, since))
        found = tuple([KeyChange(*change) for change in changes])
        keys = run("SELECT key FROM span WHERE host = ? AND gone_at IS NULL", row)
        return News(last, found, frozenset([key for (key,) in keys]))
    except refusals() as error:
        raise told(error, path) from error
    finally:
        connection.close()

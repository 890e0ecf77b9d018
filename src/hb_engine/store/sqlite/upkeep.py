"""What keeps the file well: a look for damage once a day and after an unclean end, and forgetting what is old.

What closed before a time is forgotten, and while the file is too large the oldest eighth of what closed, with the looks
and changes of that time. Open spans stay, however old. Pages that become free are given back, so the file shrinks.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite.schema import REPAIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection

DAY = 86400.0
ORPHANS = (
    """DELETE FROM payload WHERE NOT EXISTS (SELECT 1 FROM state WHERE state.payload = payload.id)
    AND NOT EXISTS (SELECT 1 FROM change WHERE change.payload = payload.id)
    AND NOT EXISTS (SELECT 1 FROM change WHERE previous = payload.id)""",
    "DELETE FROM coverage WHERE NOT EXISTS (SELECT 1 FROM look WHERE look.coverage = coverage.id)",
    "DELETE FROM boot WHERE NOT EXISTS (SELECT 1 FROM look WHERE look.boot = boot.id)",
    """DELETE FROM host WHERE NOT EXISTS (SELECT 1 FROM look WHERE look.host = host.id)
    AND NOT EXISTS (SELECT 1 FROM span WHERE span.host = host.id)""",
)


def is_due(connection: Connection, now: float) -> bool:
    """Whether the file was last looked over more than a day ago, or at a time that is still to come."""
    row = connection.execute("SELECT value FROM kept WHERE name = 'checked'").fetchone()
    return row is None or not 0 <= now - row[0] < DAY


def check(connection: Connection, path: str) -> None:
    """Look the whole file over. Raises DataError for one that is damaged."""
    # Not quick_check, which takes a third of the time and does not hold rows against their indices.
    rows = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if rows != [("ok",)]:
        raise DataError(f"{path} is damaged ({rows[0][0] if rows else 'no answer'})", REPAIR)
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise DataError(f"{path} is damaged (rows are missing)", REPAIR)


def checked(connection: Connection, now: float) -> None:
    """Remember that the file was looked over."""
    connection.execute("INSERT OR REPLACE INTO kept (name, value) VALUES ('checked', ?)", (now,))


def forget(connection: Connection, before: float) -> int:
    """Forget what closed before a time; how many spans went. The last look before it stays, for what was open then."""
    gone = 0
    for (host,) in connection.execute("SELECT id FROM host").fetchall():
        gone += connection.execute("DELETE FROM span WHERE host = ? AND gone_at < ?", (host, before)).rowcount
        connection.execute("DELETE FROM change WHERE host = ? AND at < ?", (host, before))
        sql = "SELECT MAX(taken_at) FROM look WHERE host = ? AND taken_at <= ?"
        first = connection.execute(sql, (host, before)).fetchone()[0]
        sql = "DELETE FROM look WHERE host = ? AND taken_at < ?"
        connection.execute(sql, (host, before if first is None else first))
    for sql in ORPHANS:
        connection.execute(sql)
    return gone


def oldest(connection: Connection) -> float | None:
    """The time before which the oldest eighth of all that can be forgotten lies; None where nothing can be."""
    for table, column in (("span", "gone_at"), ("look", "taken_at"), ("change", "at")):
        sql = f"SELECT COUNT({column}) FROM {table}"
        count = connection.execute(sql).fetchone()[0]
        if count > (1 if table == "look" else 0):
            sql = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} LIMIT 1 OFFSET ?"
            return float(connection.execute(sql, (max(count // 8, 1 if table == "look" else 0),)).fetchone()[0]) + 0.001
    return None


def size(connection: Connection) -> int:
    """Bytes that are in use."""
    pages, free, bytes_ = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    ]
    return int((pages - free) * bytes_)


def give_back(connection: Connection) -> None:
    """Shrink the file by its free pages, and the log to nothing."""
    connection.executescript("PRAGMA incremental_vacuum")  # execute() takes one step of it, which is one page
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

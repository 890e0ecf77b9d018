"""A connection to the file, and what SQLite's refusals mean to a person.

Write-ahead log, so that readers never wait; synchronous=FULL, so that a kept look survives a power cut; foreign keys;
five seconds of patience with another hb. On a disk that may only be read the file is opened as one that nobody changes.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import files, schema
from hb_engine.store.sqlite.schema import REPAIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection
    from types import ModuleType

PATIENCE = 5.0  # seconds that another hb is waited for


def connect(path: str, *, patience: float = PATIENCE) -> Connection:
    """The file, up to date. It must be there. Raises DataError."""
    sqlite3 = driver()
    try:
        if not files.may_write(path):
            return _only_to_read(path)
        connection: Connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        try:
            _set_up(connection, path)
        except BaseException:
            connection.close()
            raise
    except refusals() as error:
        if _name(error).startswith("SQLITE_IOERR_SHM") and not files.was_left_open(path):
            return _only_to_read(path)  # the disk is full: what is there can be read all the same
        raise told(error, path) from error
    return connection


def driver() -> ModuleType:
    """SQLite's module: the part of it in C, where there is one. What stands around it costs twice as much again."""
    try:
        import _sqlite3 as module  # only where there is history
    except ImportError:  # another interpreter than CPython
        import sqlite3 as module  # type: ignore[no-redef]
    return module


def refusals() -> tuple[type[Exception], ...]:
    """What SQLite raises: its own errors, and those of text that a damaged page has made into none."""
    return (driver().Error, UnicodeDecodeError)


def told(error: Exception, path: str) -> DataError:
    """A refusal of SQLite in words."""
    name = _name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DataError(f"{path} is in use by another hb", "Wait until that one is done, and try again.")
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")):
        return DataError(f"there is no room left for {path}", "Make room. What was kept before is whole.")
    if name.startswith("SQLITE_READONLY"):
        return DataError(
            f"{path} may only be read: its disk is read-only, or full", "Make room, or name another file in HB_HISTORY."
        )
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return DataError(f"{path} could not be read or written ({name})", "Look whether its disk and folder are well.")
    said = "text that is none" if isinstance(error, UnicodeDecodeError) else str(error)
    return DataError(f"{path} is damaged ({said})", REPAIR)


def _name(error: Exception) -> str:
    """SQLite's own word for an error: SQLITE_BUSY, SQLITE_IOERR_FSYNC; empty for one that has none."""
    return getattr(error, "sqlite_errorname", "") or ""


def _set_up(connection: Connection, path: str) -> None:
    execute = connection.execute
    if not execute("PRAGMA page_count").fetchone()[0]:
        execute("PRAGMA auto_vacuum = INCREMENTAL")  # only before the first table
    execute("PRAGMA journal_mode = WAL")
    execute("PRAGMA synchronous = FULL")
    execute("PRAGMA foreign_keys = ON")
    execute("PRAGMA trusted_schema = OFF")
    schema.migrate(connection, path)


def _only_to_read(path: str) -> Connection:
    from urllib.parse import quote  # a rarity

    connection: Connection = driver().connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.execute("PRAGMA trusted_schema = OFF")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != len(schema.STEPS):
        connection.close()
        raise DataError(f"{path} is of another hb, and may only be read", "Copy it to where it may be written.")
    try:
        schema.check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection

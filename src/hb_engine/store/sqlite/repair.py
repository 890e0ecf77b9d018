"""A file that is damaged, or holds times that are still to come: set aside, and what can be read of it saved.

The file is renamed, never changed: whoever wants to look at it later can. A new one is made beside it, and every row
that can still be read, and fits the others, is put into it. Rows that a damaged page hides are found by going on behind
them. At last the new file takes the old one's name; until then there is the old one, or none, and never half of one.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import DataError
from hb_engine.model.record import record
from hb_engine.store import payload
from hb_engine.store.sqlite import files, schema, upkeep
from hb_engine.store.sqlite.connect import connect, refusals, told
from hb_engine.store.sqlite.packing import unpack
from hb_engine.store.sqlite.schema import REPAIR
from hb_engine.wire import inventory_json
from hb_engine.wire.dates import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection
    from typing import Any

# What tells the time of a row, and what a row needs: rows are copied in an order in which that is there already.
ORDER = ("host", "coverage", "boot", "look", "payload", "span", "alias", "state", "change")
ROWLESS = {"alias": "span, key", "state": "span, since"}  # WITHOUT ROWID: read in the order of these
FAR = 1e12  # seconds since the epoch that no clock tells; infinity is farther
LAST = (1 << 63) - 1  # the largest number of a row
MISSES = 64  # places in a row that cannot be read
LEAST = 4  # bytes that a row takes: more rows than fit into the file are a page that leads to itself
STRIDE = 1 << 16  # numbers of rows that are tried behind one that cannot be read, by ever larger steps


@record
class Repaired:
    """What a repair did: where the old file is now, and how many rows of each table were saved.

    `problem` is what was wrong; where nothing was, the file is as it was, and nothing is aside.
    """

    path: str
    aside: str
    saved: tuple[tuple[str, int], ...]
    problem: str = ""

    @property
    def looks(self) -> int:
        """How many looks were saved."""
        return dict(self.saved).get("look", 0)


def repair(path: str, now: float) -> Repaired:
    """Set a file aside and begin a new one with what can be read and is not later than `now`. Raises DataError."""

    if not files.check(path):
        raise DataError(f"there is no {path}", "hb record begins one.")
    problem = _problem(path, now)
    if not problem:
        return Repaired(path, "", ())
    fresh, aside = f"{path}.new", _free(f"{path}.damaged-{iso(now).partition('T')[0]}")
    _remove(fresh)
    files.prepare(fresh)
    try:
        new = connect(fresh)
        try:
            saved = _save(path, new, now)
            upkeep.checked(new, now)
            new.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            new.close()
        for ending in ("-wal", "-shm", ""):
            if os.path.exists(path + ending):
                os.replace(path + ending, aside + ending)
        os.replace(fresh, path)
    except refusals() as error:
        raise told(error, fresh) from error
    except OSError as error:
        raise DataError(f"{path} could not be set aside: {error.strerror}", files.REMEDY) from error
    return Repaired(path, aside, saved, problem)


def _problem(path: str, now: float) -> str:
    """What is wrong with a file; empty where nothing is."""

    try:
        connection = connect(path)
        try:
            upkeep.check(connection, path)
            unsound = next((table for table in ORDER if not _are_sound(connection, table)), "")
            if unsound:
                return f"{path} is damaged (its table {unsound} holds what cannot be read)"
            latest = connection.execute("SELECT MAX(taken_at) FROM look").fetchone()[0]
        finally:
            connection.close()
    except DataError as error:
        if error.remedy != REPAIR:
            raise  # in use, or of a newer hb: that is no damage
        return error.message
    except refusals() as error:
        return told(error, path).message
    return f"{path} holds a look of {iso(latest)}, which is still to come" if (latest or 0) > now else ""


def _save(path: str, new: Connection, now: float) -> tuple[tuple[str, int], ...]:
    """Copy table by table, in one transaction, without what points to rows that are lost."""
    import sqlite3  # as above

    old = sqlite3.connect(path, isolation_level=None)
    old.execute("PRAGMA trusted_schema = OFF")
    old.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        new.execute("PRAGMA foreign_keys = OFF")
        new.execute("BEGIN IMMEDIATE")
        for table in ORDER:
            if _may_be_read(old, table):
                _copy(old, new, table)
        _fit(new, now)
        for sql in upkeep.ORPHANS:
            new.execute(sql)
        saved = tuple([(table, new.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) for table in ORDER])
        new.execute("COMMIT")
        new.execute("PRAGMA foreign_keys = ON")
    finally:
        old.close()
    upkeep.check(new, path)
    return saved


def _may_be_read(old: Connection, table: str) -> bool:
    """Whether reading a table reads what was stored, and ends. Views and what is computed may do neither."""
    try:
        return schema.is_plain(old, table)
    except refusals():
        return False


def _most(old: Connection) -> int:
    """How many rows a file can hold at all; pages that lead to one another would give rows without end."""
    pages, size = [old.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")]
    return int(pages * size // LEAST)


def _copy(old: Connection, new: Connection, table: str) -> None:
    import sqlite3  # as above
    from itertools import islice

    kinds = _kinds(new, table)
    columns = list(kinds)
    marks = ", ".join("?" * len(columns))
    for row in islice(_readable(old, table, columns), _most(old)):
        try:
            if _is_sound(table, dict(zip(columns, row, strict=True)), kinds):
                new.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)
        except sqlite3.IntegrityError:
            continue  # a value that the table does not take


def _readable(old: Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Every row that can be read: in order, then behind each place that cannot."""

    names = ", ".join(columns)
    if table in ROWLESS:
        yield from _until_damaged(old, f"SELECT {names} FROM {table}", ())
        yield from _until_damaged(old, f"SELECT {names} FROM {table} ORDER BY {ROWLESS[table]} DESC", ())
        return
    at, step, misses = 0, 1, 0
    while at <= LAST and misses <= MISSES:
        last = None
        try:
            for row in old.execute(f"SELECT rowid, {names} FROM {table} WHERE rowid >= ? ORDER BY rowid", (at,)):
                last = row[0]
                yield row[1:]
            break
        except refusals():
            if last is not None and last >= at:  # a damaged page may lead back: then it is passed over like any other
                at, step, misses = last + 1, 1, 0
            else:
                at, step, misses = at + step, min(step * 2, STRIDE), misses + 1
    sql = f"SELECT {names} FROM {table} WHERE rowid >= ? ORDER BY rowid DESC"  # the rows behind all damage
    yield from _until_damaged(old, sql, (min(at, LAST),))


def _until_damaged(old: Connection, sql: str, words: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:

    try:
        yield from old.execute(sql, words)
    except refusals():
        return


def _kinds(connection: Connection, table: str) -> dict[str, tuple[str, bool]]:
    """A table's columns: what each holds, and whether it may be empty."""
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {row[1]: (row[2], not (row[3] or row[5])) for row in rows}


def _are_sound(connection: Connection, table: str) -> bool:
    kinds = _kinds(connection, table)
    rows = connection.execute(f"SELECT {', '.join(kinds)} FROM {table}")
    return all(_is_sound(table, dict(zip(kinds, row, strict=True)), kinds) for row in rows)


def _is_sound(table: str, row: dict[str, Any], kinds: dict[str, tuple[str, bool]]) -> bool:
    """Whether a row holds what its columns are for, and what is packed in it can be unpacked, and read."""
    for name, item in row.items():
        kind, may_be_empty = kinds[name]
        if not (item is None and may_be_empty) and not _is_a(kind, item):
            return False
    if table not in ("payload", "coverage"):
        return True
    try:
        text = unpack(row["told"])
        if table == "payload":
            return bool(payload.read(text))
        inventory_json.coverage(inventory_json.loaded(text))
    except DataError:
        return False
    return True


def _is_a(kind: str, item: Any) -> bool:
    """Whether a value is what its column says. SQLite takes any, and so does a damaged page."""
    if kind == "REAL":
        return isinstance(item, (float, int)) and abs(item) < FAR
    return isinstance(item, {"INTEGER": int, "TEXT": str, "BLOB": bytes}[kind])


def _fit(new: Connection, now: float) -> None:
    """Take out what points to rows that are lost, and what is of a time that is still to come."""
    run = new.execute
    run("DELETE FROM coverage WHERE host NOT IN (SELECT id FROM host)")
    run("DELETE FROM look WHERE taken_at NOT BETWEEN 0 AND ?", (now,))
    for column, table in (("coverage", "coverage"), ("boot", "boot"), ("host", "host")):
        run(f"DELETE FROM look WHERE {column} NOT IN (SELECT id FROM {table})")
    run("DELETE FROM span WHERE first_seen NOT BETWEEN 0 AND ? OR host NOT IN (SELECT id FROM host)", (now,))
    run("UPDATE span SET gone_at = NULL WHERE gone_at NOT BETWEEN last_seen AND ?", (now,))
    last = "(SELECT MAX(taken_at) FROM look WHERE look.host = span.host)"
    run(f"UPDATE span SET last_seen = MAX(first_seen, COALESCE({last}, first_seen)) WHERE last_seen > ?", (now,))
    run("DELETE FROM state WHERE since > ? OR payload NOT IN (SELECT id FROM payload)", (now,))
    run("DELETE FROM state WHERE span NOT IN (SELECT id FROM span)")
    run("DELETE FROM span WHERE id NOT IN (SELECT span FROM state)")
    run("UPDATE state SET since = (SELECT first_seen FROM span WHERE id = span) WHERE since ="
        " (SELECT MIN(since) FROM state AS first WHERE first.span = state.span)")  # fmt: skip
    run("DELETE FROM alias WHERE span NOT IN (SELECT id FROM span)")
    run("DELETE FROM change WHERE at NOT BETWEEN 0 AND ? OR payload NOT IN (SELECT id FROM payload)"
        " OR (previous IS NOT NULL AND previous NOT IN (SELECT id FROM payload))", (now,))  # fmt: skip
    run("DELETE FROM change WHERE host NOT IN (SELECT id FROM host)")
    run("UPDATE coverage SET last = COALESCE((SELECT MAX(taken_at) FROM look WHERE coverage = coverage.id), 0)")


def _free(path: str) -> str:
    """A name that is not taken."""
    number, free = 1, path
    while os.path.lexists(free):
        number, free = number + 1, f"{path}.{number + 1}"
    return free


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        if os.path.lexists(path + ending):
            os.unlink(path + ending)

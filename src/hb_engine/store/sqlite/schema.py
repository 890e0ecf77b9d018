"""The tables, as numbered steps: a file of an older hb is brought up to date, one of a newer hb is refused.

`PRAGMA user_version` is the number of steps that a file has taken. A step is never changed once it was released; the
next one is added below it. All steps that a file lacks are taken in one transaction: it is the old file or the new one.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection

REPAIR = "hb record --repair sets it aside, begins anew and saves what can be read."
UNLIKELY = 10_000  # versions that no hb will ever reach: the header is damaged
APPLICATION = 0x68622F31  # hb/1, in PRAGMA application_id: another program's file is told apart
FIRST = """
CREATE TABLE host (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
-- What a look asked and could not see: few kinds, many looks. `last` is the last look of this kind.
CREATE TABLE coverage (
    id INTEGER PRIMARY KEY,
    host INTEGER NOT NULL REFERENCES host,
    digest BLOB NOT NULL,
    told BLOB NOT NULL,
    last REAL NOT NULL,
    UNIQUE (host, digest)
);
CREATE TABLE boot (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE look (
    id INTEGER PRIMARY KEY,
    host INTEGER NOT NULL REFERENCES host,
    taken_at REAL NOT NULL,
    coverage INTEGER NOT NULL REFERENCES coverage,
    boot INTEGER NOT NULL REFERENCES boot,
    openings INTEGER NOT NULL,
    UNIQUE (host, taken_at)
);
-- Openings as JSON, packed (packing.py); the same ones once.
CREATE TABLE payload (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    told BLOB NOT NULL
);
CREATE TABLE span (
    id INTEGER PRIMARY KEY,
    host INTEGER NOT NULL REFERENCES host,
    key TEXT NOT NULL,
    transport TEXT NOT NULL,
    port INTEGER,
    first_seen REAL NOT NULL,
    last_seen REAL NOT NULL,
    before REAL,
    gone_at REAL
);
CREATE INDEX span_gone ON span (host, gone_at);
CREATE INDEX span_port ON span (host, port);
CREATE INDEX span_key ON span (host, key);
-- Keys under which looks that knew less, or more, have shown a span.
CREATE TABLE alias (
    span INTEGER NOT NULL REFERENCES span ON DELETE CASCADE,
    key TEXT NOT NULL,
    PRIMARY KEY (span, key)
) WITHOUT ROWID;
-- The openings of a span, from a look on.
CREATE TABLE state (
    span INTEGER NOT NULL REFERENCES span ON DELETE CASCADE,
    since REAL NOT NULL,
    payload INTEGER NOT NULL REFERENCES payload,
    PRIMARY KEY (span, since)
) WITHOUT ROWID;
CREATE INDEX state_payload ON state (payload);
CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    host INTEGER NOT NULL REFERENCES host,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    was TEXT,
    payload INTEGER NOT NULL REFERENCES payload,
    previous INTEGER REFERENCES payload,
    after REAL
);
CREATE INDEX change_at ON change (host, at);
CREATE INDEX change_payload ON change (payload);
CREATE INDEX change_previous ON change (previous) WHERE previous IS NOT NULL;
CREATE TABLE kept (
    name TEXT PRIMARY KEY,
    value REAL NOT NULL
) WITHOUT ROWID;
"""
STEPS = (FIRST,)
TABLES = ("host", "coverage", "boot", "look", "payload", "span", "alias", "state", "change", "kept")


def migrate(connection: Connection, path: str, steps: tuple[str, ...] = STEPS) -> None:
    """Bring a file up to date. Raises DataError for one of a newer hb, or of another program."""
    version, application = _number(connection, "user_version"), _number(connection, "application_id")
    ours = application == APPLICATION
    if (not ours and _has_tables(connection, TABLES)) or (ours and version > UNLIKELY):
        raise DataError(f"{path} is damaged (its header is)", REPAIR)
    if not ours and (application or version or _has_tables(connection)):
        raise DataError(f"{path} is another program's file", "Name another file in HB_HISTORY.")
    if version > len(steps):
        raise DataError(
            f"{path} is of a newer hb: version {version} of its tables, and this hb knows {len(steps)}",
            "Use that hb, or name another file in HB_HISTORY.",
        )
    if version == len(steps):
        if steps is STEPS:
            check(connection, path)
        return
    connection.execute("BEGIN IMMEDIATE")  # another hb may have been faster
    try:
        for number in range(_number(connection, "user_version"), len(steps)):
            for statement in _statements(steps[number]):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check(connection: Connection, path: str) -> None:
    """Raise DataError for a file that holds anything but our tables and indices, to the letter.

    A trigger would drop what is to be kept, a view or a generated column would answer what nobody kept, or for ever.
    """
    ours = {statement for step in STEPS for statement in _statements(step)}
    sql = """SELECT sql FROM sqlite_master WHERE sql IS NOT NULL
        AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))"""  # of somebody's ANALYZE
    if {text for (text,) in connection.execute(sql)} != ours:
        raise DataError(f"{path} is damaged (its tables are not those that hb made)", REPAIR)


def is_plain(connection: Connection, table: str) -> bool:
    """Whether a name is that of a table with stored columns alone: no view, nothing virtual, nothing computed."""
    sql = "SELECT type, sql FROM sqlite_master WHERE name = ?"
    found = connection.execute(sql, (table,)).fetchall()
    if [kind for kind, _ in found] != ["table"] or not str(found[0][1]).upper().startswith("CREATE TABLE"):
        return False
    return not any(row[6] for row in connection.execute(f"PRAGMA table_xinfo({table})"))


def _statements(script: str) -> list[str]:
    """The statements of a script. executescript would end the transaction; no statement here holds a semicolon."""
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    return [statement for part in "\n".join(lines).split(";") if (statement := part.strip())]


def _number(connection: Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _has_tables(connection: Connection, names: tuple[str, ...] = ()) -> bool:
    """Whether there are these tables; any, where none is named."""
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    return bool(found) and found.issuperset(names)

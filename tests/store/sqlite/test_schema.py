"""A file of an older hb is brought up to date, whole or not at all; one of a newer hb, or another program's, is not."""

from __future__ import annotations

import os
import sqlite3

import pytest
from tests.store.kit import SSH, START, look
from tests.store.sqlite.kit import at, filled, opened, path_in

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import schema
from hb_engine.store.sqlite.schema import STEPS, TABLES, migrate
from hb_engine.store.sqlite.store import Sqlite

HERE = os.path.dirname(os.path.abspath(__file__))


def test_every_table_is_named():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, "x")
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert found == set(TABLES)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    connection.close()


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_a_file_of_each_version_is_brought_up_to_date(tmp_path, version):
    """versions/N.sql is a history as the hb of version N wrote it: a file for each step that was ever released."""
    path = path_in(tmp_path)
    os.makedirs(os.path.dirname(path), 0o700)
    with open(os.path.join(HERE, "versions", f"{version}.sql"), encoding="utf-8") as file:
        script = file.read()
    old = sqlite3.connect(path)
    old.executescript(script)
    old.close()
    store = Sqlite(path)
    assert store.hosts() == ("web-17",)
    assert [span.opening.port for span in store.history("", None)] == [10002, 22, 10001, 10000]
    assert {one.port for one in at(store, START + 300).openings} == {22, 10001}
    assert [change.kind for change in store.changes(0)] == ["closed", "opened", "closed", "opened"]
    assert store.first_seen()[SSH.key] == START
    store.record(look(9000, SSH))
    store.check(START)
    store.close()


def test_a_version_is_kept_for_each_step():
    assert sorted(os.listdir(os.path.join(HERE, "versions"))) == [f"{number + 1}.sql" for number in range(len(STEPS))]


def test_a_newer_file_is_refused_and_stays_as_it_is(tmp_path):
    path = filled(tmp_path, 2)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    with pytest.raises(DataError, match="of a newer hb: version 2 of its tables, and this hb knows 1"):
        Sqlite(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT COUNT(*) FROM look").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize("script", ["CREATE TABLE theirs (x)", "PRAGMA application_id = 17", "PRAGMA user_version = 1"])
def test_another_program_s_file_is_refused(tmp_path, script):
    path = path_in(tmp_path)
    os.makedirs(os.path.dirname(path), 0o700)
    connection = sqlite3.connect(path)
    connection.executescript(f"CREATE TABLE made (x); DROP TABLE made; {script}")
    connection.close()
    os.chmod(path, 0o600)
    with pytest.raises(DataError, match="another program's file"):
        Sqlite(path)


def test_a_step_that_fails_leaves_the_old_file(tmp_path):
    path = filled(tmp_path, 3)
    connection = sqlite3.connect(path, isolation_level=None)
    steps = (*STEPS, "CREATE TABLE more (x); INSERT INTO more VALUES (1); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, path, steps)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'more'").fetchone()
    migrate(connection, path, (*STEPS, "CREATE TABLE more (x); INSERT INTO more VALUES (1);"))
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT x FROM more").fetchall() == [(1,)]
    assert connection.execute("SELECT COUNT(*) FROM look").fetchone() == (3,)
    connection.close()


def test_statements_are_told_apart():
    assert schema._statements("-- a; b\nCREATE TABLE a (x);\n\nCREATE TABLE b (y);\n") == [
        "CREATE TABLE a (x)",
        "CREATE TABLE b (y)",
    ]


def test_rows_must_fit(tmp_path):
    store = opened(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        store._connection.execute("INSERT INTO state (span, since, payload) VALUES (7, 1.0, 7)")
    store.close()


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TRIGGER drops BEFORE INSERT ON span BEGIN SELECT RAISE(IGNORE); END",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TABLE more (x)",
        "ALTER TABLE change ADD COLUMN more AS (zeroblob(1000000000))",
        "ALTER TABLE change RENAME TO other",
        "DROP INDEX span_key",
    ],
)
def test_a_file_with_anything_but_our_tables_is_damaged(tmp_path, script):
    """A trigger would drop what is to be kept, and a view answers what nobody kept, or for ever."""
    path = filled(tmp_path, 2)
    theirs = sqlite3.connect(path)
    theirs.execute(script)
    theirs.commit()
    theirs.close()
    with pytest.raises(DataError, match="its tables are not those that hb made") as caught:
        Sqlite(path)
    assert caught.value.remedy == schema.REPAIR


def test_what_analyze_leaves_is_no_damage(tmp_path):
    path = filled(tmp_path, 2)
    theirs = sqlite3.connect(path)
    theirs.execute("ANALYZE")
    theirs.commit()
    theirs.close()
    Sqlite(path).close()


def test_what_is_a_plain_table(tmp_path):
    connection = sqlite3.connect(tmp_path / "x")
    connection.execute("CREATE TABLE plain (a, b)")
    connection.execute("CREATE TABLE computed (a, b AS (a + 1))")
    connection.execute("CREATE VIEW seen AS SELECT 1")
    found = {name: schema.is_plain(connection, name) for name in ("plain", "computed", "seen", "none")}
    assert found == {"plain": True, "computed": False, "seen": False, "none": False}
    connection.close()

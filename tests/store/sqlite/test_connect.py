"""How the file is opened, and what SQLite's refusals are called."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest
from tests.store.kit import SSH, START, look
from tests.store.sqlite.kit import at, filled, opened

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import files
from hb_engine.store.sqlite.connect import connect, driver, refusals, told
from hb_engine.store.sqlite.store import Sqlite

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def pragma(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_it_is_opened_to_survive(tmp_path):
    store = opened(tmp_path)
    store.close()
    connection = connect(store.path)
    assert pragma(connection, "journal_mode") == "wal"
    assert pragma(connection, "synchronous") == 2  # FULL
    assert pragma(connection, "foreign_keys") == 1
    assert pragma(connection, "auto_vacuum") == 2  # INCREMENTAL
    assert pragma(connection, "busy_timeout") == 5000
    connection.close()


def test_the_log_is_gone_once_the_last_has_closed(tmp_path):
    path = filled(tmp_path, 3)
    assert os.listdir(os.path.dirname(path)) == ["history.db"]


def test_its_log_is_its_owner_s_alone(tmp_path):
    store = opened(tmp_path)
    store.record(look(0, SSH))
    for name in os.listdir(os.path.dirname(store.path)):
        assert os.stat(os.path.join(os.path.dirname(store.path), name)).st_mode & 0o077 == 0, name
    store.close()


def test_a_disk_that_may_only_be_read(tmp_path, monkeypatch):
    path = filled(tmp_path, 5)
    before = os.listdir(os.path.dirname(path))
    monkeypatch.setattr(files, "may_write", lambda _: False)
    store = Sqlite(path)
    assert len(store.looks()) == 5
    assert at(store, START + 300).openings
    with pytest.raises(DataError, match="may only be read"):
        store.record(look(9000, SSH))
    store.close()
    assert os.listdir(os.path.dirname(path)) == before


def test_an_older_file_on_a_disk_that_may_only_be_read(tmp_path, monkeypatch):
    path = filled(tmp_path, 2)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    monkeypatch.setattr(files, "may_write", lambda _: False)
    with pytest.raises(DataError, match="is of another hb, and may only be read"):
        Sqlite(path)


def test_a_name_that_a_url_would_misread(tmp_path, monkeypatch):
    folder = tmp_path / "a?b#c%20d"
    folder.mkdir(mode=0o700)
    path = filled(folder, 2)
    monkeypatch.setattr(files, "may_write", lambda _: False)
    store = Sqlite(path)
    assert len(store.looks()) == 2
    store.close()


def refused(name):
    error = sqlite3.OperationalError("words of SQLite")
    error.sqlite_errorname = name
    return told(error, "/x/history.db")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SQLITE_BUSY", "in use by another hb"),
        ("SQLITE_BUSY_SNAPSHOT", "in use by another hb"),
        ("SQLITE_LOCKED", "in use by another hb"),
        ("SQLITE_FULL", "no room left"),
        ("SQLITE_READONLY_DIRECTORY", "may only be read"),
        ("SQLITE_IOERR_FSYNC", r"could not be read or written \(SQLITE_IOERR_FSYNC\)"),
        ("SQLITE_CANTOPEN", "could not be read or written"),
        ("SQLITE_CORRUPT", "is damaged"),
        ("SQLITE_NOTADB", "is damaged"),
        ("", "is damaged"),
    ],
)
def test_what_refusals_are_called(name, said):
    error = refused(name)
    assert error.remedy
    with pytest.raises(DataError, match=said):
        raise error


def test_text_that_is_none():
    assert "text that is none" in told(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), "/x").message


def test_the_part_in_c_is_used():
    assert driver().__name__ == "_sqlite3"
    assert sqlite3.Error in refusals()


def test_where_there_is_no_file_none_is_made(tmp_path):
    path = str(tmp_path / "history.db")
    with pytest.raises(DataError):
        connect(path)
    assert not os.path.exists(path)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_full_disk_is_read_all_the_same(tmp_path):
    """No file may grow, as on a disk that is full: SQLite cannot even lay out its index of the log."""
    path = filled(tmp_path, 3)
    code = (
        "import resource, sys; sys.path[:0] = sys.argv[2:4]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "from tests.store.kit import SSH, look\n"
        "from hb_engine.model.errors import DataError\n"
        "from hb_engine.store.sqlite.store import Sqlite\n"
        "store = Sqlite(sys.argv[1])\n"
        "print(len(store.looks()))\n"
        "try: store.record(look(9000, SSH))\n"
        "except DataError as error: print(error.message)\n"
    )
    command = [sys.executable, "-c", code, path, os.path.join(TOP, "src"), TOP]
    count, said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert count == "3"
    assert "its disk is read-only, or full" in said
    store = Sqlite(path)
    assert len(store.looks()) == 3
    store.close()

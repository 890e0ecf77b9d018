"""The file is looked over, forgets what is old, and shrinks."""

from __future__ import annotations

import os
import sqlite3

import pytest
from tests.store.kit import SSH, START, look
from tests.store.sqlite.kit import filled, opened, overwrite

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import upkeep
from hb_engine.store.sqlite.connect import connect


@pytest.fixture
def path(tmp_path):
    return filled(tmp_path, 60)


@pytest.fixture
def connection(path):
    made = connect(path)
    yield made
    made.close()


def count(connection, table):
    return connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours


def test_when_it_is_due(connection):
    assert upkeep.is_due(connection, START)
    upkeep.checked(connection, START)
    assert [upkeep.is_due(connection, START + after) for after in (-1, 0, 86399, 86400)] == [True, False, False, True]


def test_a_file_that_is_well(connection, path):
    upkeep.check(connection, path)


def test_damage_is_told(path):
    overwrite(path, os.path.getsize(path) // 2 // 4096 * 4096, b"\xff" * 4096)
    made = connect(path)
    with pytest.raises(DataError, match="is damaged") as caught:
        upkeep.check(made, path)
    assert "--repair" in caught.value.remedy
    made.close()


def test_rows_that_point_nowhere_are_damage(connection, path):
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM boot")
    with pytest.raises(DataError, match="rows are missing"):
        upkeep.check(connection, path)


def test_forgetting_leaves_no_orphans(connection, path):
    assert upkeep.forget(connection, START + 50 * 300) == 49
    assert [count(connection, table) for table in ("span", "state", "look", "host")] == [12, 12, 10, 1]
    assert count(connection, "payload") == 12
    upkeep.check(connection, path)
    assert upkeep.forget(connection, START + 50 * 300) == 0


def test_the_oldest_are_an_eighth(connection):
    before = count(connection, "span")
    gone = upkeep.forget(connection, upkeep.oldest(connection) or 0.0)
    assert before // 10 <= gone <= before // 6


def test_where_nothing_can_be_forgotten(tmp_path):
    store = opened(tmp_path)
    assert upkeep.oldest(store._connection) is None
    store.record(look(0, SSH))
    assert upkeep.oldest(store._connection) is None
    store.record(look(300, SSH))
    assert upkeep.oldest(store._connection) is not None  # a look that shows nothing else
    store.close()


def test_free_pages_are_given_back(connection, path):
    before = os.path.getsize(path)
    upkeep.forget(connection, START + 59 * 300)
    used = upkeep.size(connection)
    assert used < before
    upkeep.give_back(connection)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert os.path.getsize(path) <= used
    assert os.path.getsize(f"{path}-wal") == 0


def test_another_program_sees_the_same(connection, path):
    other = sqlite3.connect(path)
    assert count(other, "look") == 60
    other.close()

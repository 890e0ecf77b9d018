"""A transaction is kept or undone, and SQLite's errors do not get out."""

from __future__ import annotations

import pytest
from tests.store.kit import SSH, look
from tests.store.sqlite.kit import filled, opened

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite.rows import Rows


@pytest.fixture
def rows(tmp_path):
    made = Rows(filled(tmp_path, 3))
    yield made
    made.close()


def looks(rows):
    return rows._one("SELECT COUNT(*) FROM look")[0]


def test_what_ends_well_is_kept(rows):
    with rows._transaction("IMMEDIATE"):
        rows._do("DELETE FROM look WHERE id = 1")
    assert looks(rows) == 2
    assert not rows._connection.in_transaction


def test_what_is_broken_off_is_undone(rows):
    with pytest.raises(ZeroDivisionError), rows._transaction("IMMEDIATE"):
        rows._do("DELETE FROM look")
        raise ZeroDivisionError
    assert looks(rows) == 3
    assert not rows._connection.in_transaction


def test_what_sqlite_refuses_is_told_and_undone(rows):
    with pytest.raises(DataError, match="is damaged"), rows._transaction("IMMEDIATE"):
        rows._do("DELETE FROM look WHERE id = 1")
        rows._do("INSERT INTO boot (id, name) VALUES (1, 'x')")
    assert looks(rows) == 3


def test_a_refusal_at_the_end_is_undone(rows):
    rows._connection.execute("PRAGMA defer_foreign_keys = ON")
    with pytest.raises(DataError), rows._transaction("IMMEDIATE"):
        rows._do("PRAGMA defer_foreign_keys = ON")
        rows._do("DELETE FROM boot")
    assert looks(rows) == 3
    assert not rows._connection.in_transaction


def test_questions_of_a_closed_file(rows):
    rows._connection.close()
    with pytest.raises(DataError), rows._transaction():
        pass
    with pytest.raises(DataError):
        rows._asked(rows._connection.execute, "SELECT 1")


def test_numbers_and_rows(rows):
    assert rows._first("SELECT id FROM look WHERE id = 99") is None
    assert rows._do("INSERT INTO boot (name) VALUES (?)", "new") > 1
    assert [row for (row,) in rows._rows("SELECT id FROM look ORDER BY id")] == [1, 2, 3]


def test_what_was_unpacked_is_unpacked_anew_by_the_next_question(tmp_path):
    store = opened(tmp_path)
    store.record(look(0, SSH))
    (number,) = store._one("SELECT id FROM payload")
    assert store._openings(number) is store._openings(number)
    with store._transaction():
        assert store._unpacked == {}
    store.close()


def test_a_row_that_is_lost_is_told_as_damage(rows):
    rows._connection.execute("PRAGMA foreign_keys = OFF")
    rows._connection.execute("DELETE FROM payload")
    with pytest.raises(DataError, match="is damaged"), rows._transaction():
        rows._openings(1)


def test_a_mistake_of_ours_is_not_blamed_on_the_file(rows):
    with pytest.raises(TypeError), rows._transaction():
        raise TypeError
    assert not rows._connection.in_transaction


def test_a_time_that_is_none(rows):
    assert rows._times(1.5, 2, None) == (1.5, 2, None)
    with pytest.raises(DataError, match="a time is none"):
        rows._times(1.5, "x")

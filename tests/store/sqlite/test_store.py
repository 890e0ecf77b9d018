"""Questions are answered through indices, from one moment, beside other programs; forgetting shrinks the file."""

from __future__ import annotations

import os

import pytest
from tests.store.kit import SSH, START, WEB, daemon, kinds, look
from tests.store.sqlite.kit import filled, opened, path_in

from hb_engine.store.sqlite.store import Sqlite


def test_two_programs_have_one_history(tmp_path):
    first, second = opened(tmp_path), opened(tmp_path)
    first.record(look(0, SSH))
    assert second.hosts() == ("web-17",)
    assert kinds(second.record(look(300, SSH, WEB))) == [("opened", 443)]
    assert kinds(first.record(look(600, SSH))) == [("closed", 443)]
    assert second.history("tcp", 443) == first.history("tcp", 443)
    first.close()
    second.close()


def test_a_number_that_is_used_again_is_not_mistaken(tmp_path):
    """Rows that one program forgets are written by another with the same numbers."""
    first, second = opened(tmp_path), opened(tmp_path)
    first.record(look(0, SSH, daemon(1)))
    first.record(look(300, SSH))
    assert [span.opening.port for span in first.history("", None)] == [22, 1]
    second.trim(START + 301, 1 << 30)
    second.record(look(600, SSH, daemon(2)))
    assert [span.opening.port for span in first.history("", None)] == [2, 22]
    first.close()
    second.close()


def test_questions_go_through_indices(tmp_path):
    store = Sqlite(filled(tmp_path))
    asked = (
        ("SELECT id FROM span WHERE host = 1 AND gone_at IS NULL", "span_gone"),
        ("SELECT id FROM span WHERE host = 1 AND gone_at > 5", "span_gone"),
        ("SELECT id FROM span WHERE host = 1 AND port = 22", "span_port"),
        ("SELECT MAX(taken_at) FROM look WHERE host = 1 AND taken_at <= 7", "look"),
        ("SELECT kind FROM change WHERE host = 1 AND at > 5", "change_at"),
        ("DELETE FROM payload WHERE id = 5", "PRIMARY KEY"),
    )
    for sql, index in asked:
        plan = " ".join([row[3] for row in store._connection.execute(f"EXPLAIN QUERY PLAN {sql}")])
        assert index in plan, plan
        assert "SCAN" not in plan, plan
    store.close()


@pytest.mark.slow
def test_forgetting_gives_room_back(tmp_path):
    path = filled(tmp_path, 300)
    before = os.path.getsize(path)
    store = Sqlite(path)
    assert store.trim(START + 290 * 300, 1 << 40) > 250
    assert os.path.getsize(path) < before // 2
    assert store.first_seen()[SSH.key] == START
    store.check(START)
    store.close()


@pytest.mark.slow
def test_a_file_never_outgrows_what_it_may(tmp_path):
    path = filled(tmp_path, 300)
    store = Sqlite(path)
    most = os.path.getsize(path) // 2  # tables without a row take 96 KiB
    assert store.trim(0, most) > 0
    assert os.path.getsize(path) <= most
    assert [span.opening.port for span in store.history("", 10299)] == [10299]
    assert store.looks()[0].taken_at == START + 299 * 300
    store.check(START)
    assert store.trim(0, 0) > 0
    assert len(store.looks()) == 1
    assert {span.opening.port for span in store.history("", None)} == {22, 10299}
    assert store.trim(0, 0) == 0  # what is left cannot be forgotten, and that ends it
    store.close()


def test_when_the_file_is_looked_over(tmp_path):
    store = opened(tmp_path)
    assert store.is_due(START)
    store.check(START)
    assert not store.is_due(START + 86399)
    assert store.is_due(START + 86400)
    assert store.is_due(START - 1)  # the clock was set back
    store.close()


def test_a_store_left_open_is_looked_over(tmp_path):
    store = opened(tmp_path)
    store.check(START)
    store.record(look(0, SSH))
    other = Sqlite(path_in(tmp_path))
    assert other.is_due(START)
    other.check(START)
    assert not other.is_due(START)
    store.close()
    other.close()
    closed = Sqlite(path_in(tmp_path))
    assert not closed.is_due(START)
    closed.close()

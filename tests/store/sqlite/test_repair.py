"""A damaged file is told, set aside and saved as far as it can be read; what lies in the future goes."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.kit import SSH, START, WEB, kinds, look
from tests.store.sqlite.kit import at, filled, opened, overwrite, path_in

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import repair as repair_module
from hb_engine.store.sqlite.repair import repair
from hb_engine.store.sqlite.schema import REPAIR
from hb_engine.store.sqlite.store import Sqlite

LATER = START + 10 * 86400


@pytest.fixture(scope="module")
def well(tmp_path_factory):
    """A file of sixty looks that nothing has happened to."""
    return filled(tmp_path_factory.mktemp("well"), 60)


def usable(path):
    """A store that keeps a further look; its looks."""
    store = Sqlite(path)
    store.check(LATER)
    store.record(look(9 * 86400, SSH, WEB))
    assert {one.port for one in at(store, LATER).openings} == {22, 443}
    looks = store.looks(limit=1 << 20)
    for seen in looks:
        assert at(store, seen.taken_at).look == seen
    store.close()
    return looks


def test_a_file_that_is_well_is_left_alone(tmp_path):
    path = filled(tmp_path, 5)
    done = repair(path, LATER)
    assert (done.aside, done.problem, done.saved) == ("", "", ())
    assert sorted(os.listdir(os.path.dirname(path))) == ["history.db"]


def test_where_there_is_none(tmp_path):
    os.makedirs(tmp_path / "history", 0o700)
    with pytest.raises(DataError, match="there is no"):
        repair(path_in(tmp_path), LATER)


def test_a_file_that_is_none_is_set_aside(tmp_path):
    path = filled(tmp_path, 5)
    with open(path, "wb") as file:
        file.write(b"not a database at all" * 1000)
    with pytest.raises(DataError, match="is damaged") as caught:
        Sqlite(path)
    assert caught.value.remedy == REPAIR
    done = repair(path, LATER)
    assert done.aside == f"{path}.damaged-2026-12-02"
    assert done.looks == 0
    with open(done.aside, "rb") as file:
        assert file.read().startswith(b"not a database")
    assert len(usable(path)) == 1


@pytest.mark.slow
def test_most_of_a_file_with_a_hole_is_saved(tmp_path):
    path = filled(tmp_path, 300)
    pages = os.path.getsize(path) // 4096
    overwrite(path, pages // 2 * 4096, b"\xff" * 4096)
    store = Sqlite(path)
    with pytest.raises(DataError, match="is damaged"):
        store.check(LATER)
    store.close()
    done = repair(path, LATER)
    assert "is damaged" in done.problem
    assert 150 < done.looks <= 300
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert len(usable(path)) == done.looks + 1


def test_a_second_repair_of_a_day_sets_aside_beside_the_first(tmp_path):
    path = filled(tmp_path, 3)
    for expected in ("", ".2", ".3"):
        overwrite(path, 0, b"x" * 200)
        assert repair(path, LATER).aside == f"{path}.damaged-2026-12-02{expected}"
    assert len(os.listdir(os.path.dirname(path))) == 4


def test_what_only_its_own_reader_finds_damaged_is_damage(tmp_path):
    """SQLite has nothing against these rows, and nobody could read them."""
    for number, wrong in enumerate((
        "UPDATE payload SET told = X'0102' WHERE id = 1",
        "UPDATE span SET first_seen = 'x' WHERE id = 1",
        "UPDATE span SET first_seen = 9e999 WHERE id = 1",
        "UPDATE span SET key = X'00' WHERE id = 1",
        "UPDATE look SET openings = 'many' WHERE id = 1",
    )):  # fmt: skip
        path = filled(tmp_path / str(number), 3)
        connection = sqlite3.connect(path)
        connection.execute(wrong)
        connection.commit()
        connection.close()
        assert "holds what cannot be read" in repair(path, LATER).problem
        usable(path)
        assert repair(path, LATER).problem == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["zero", "noise"])
def test_questions_of_a_damaged_file_are_answered_or_refused(well, tmp_path, kind):
    """Each page in turn, and nobody has looked the file over before."""
    path = path_in(tmp_path)
    os.mkdir(os.path.dirname(path), 0o700)
    random.seed(7)
    for page in range(os.path.getsize(well) // 4096):
        shutil.copy2(well, path)
        overwrite(path, page * 4096, bytes(4096) if kind == "zero" else random.randbytes(600))  # noqa: S311 - no secret
        for ask in (
            lambda store: store.at(LATER),
            lambda store: store.history("", None),
            lambda store: store.new(0),
            lambda store: store.changes(0),
            lambda store: store.presence(),
            lambda store: store.first_seen(),
            lambda store: store.looks(),
            lambda store: store.record(look(9 * 86400, SSH, WEB)),
            lambda store: store.trim(LATER, 1 << 20),
        ):
            try:
                store = Sqlite(path)
                try:
                    ask(store)
                finally:
                    store.close()
            except DataError:
                pass


def test_what_lies_in_the_future_is_forgotten(tmp_path):
    store = opened(tmp_path)
    store.record(look(0, SSH))
    store.record(look(300, SSH, WEB))
    store.record(look(9e8, SSH))  # the clock was ahead by decades
    store.close()
    path = path_in(tmp_path)
    done = repair(path, START + 600)
    assert "still to come" in done.problem
    assert done.looks == 2
    store = Sqlite(path)
    assert store.record(look(600, SSH, WEB)) == ()
    (ssh,) = store.history("tcp", 22)
    assert (ssh.first_seen, ssh.last_seen, ssh.gone_at) == (START, START + 600, None)
    (web,) = store.history("tcp", 443)
    assert (web.first_seen, web.last_seen, web.gone_at) == (START + 300, START + 600, None)
    assert kinds(store.changes(0)) == [("opened", 443)]
    store.close()


def test_what_was_said_of_the_file_is_kept_with_it(tmp_path):
    """Rows that point to what is lost go; those that are whole stay."""
    path = filled(tmp_path, 10)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE payload SET told = x'01ff' WHERE id = 3")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM payload WHERE id = 5")
    connection.commit()
    connection.close()
    store = Sqlite(path)
    with pytest.raises(DataError, match="rows are missing"):
        store.check(LATER)
    store.close()
    done = repair(path, LATER)
    saved = dict(done.saved)
    assert (saved["look"], saved["payload"], saved["span"]) == (10, 9, 9)
    assert len(usable(path)) == 11


def test_a_lock_is_no_damage(tmp_path, monkeypatch):
    path = filled(tmp_path, 3)
    monkeypatch.setattr("hb_engine.store.sqlite.connect.PATIENCE", 0.01)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("UPDATE kept SET value = 1")
    holder.execute("COMMIT")
    try:
        assert os.path.exists(path)
    finally:
        holder.close()
    assert repair(path, LATER).problem == ""


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 30), st.integers(1, 9000), st.sampled_from(["zero", "noise", "cut"]))
def test_whatever_happens_to_the_bytes(well, seed, length, kind):
    """Any stretch of a file zeroed, overwritten or cut off: it is read, told or repaired, and history goes on."""
    from tempfile import mkdtemp

    folder = mkdtemp()
    try:
        path = path_in(folder)
        os.mkdir(os.path.dirname(path), 0o700)
        shutil.copy2(well, path)
        size = os.path.getsize(path)
        place = seed % size
        if kind == "cut":
            os.truncate(path, place)
        else:
            noise = random.Random(seed).randbytes(min(length, size - place))  # noqa: S311 - no secret
            overwrite(path, place, noise if kind == "noise" else bytes(len(noise)))
        try:
            store = Sqlite(path)
            try:
                store.check(LATER)
                store.record(look(9 * 86400, SSH, WEB))
                for ask in (store.presence, store.first_seen, store.looks):
                    ask()
                store.history("", None)
                store.changes(0)
                return
            finally:
                store.close()
        except DataError:
            pass
        try:
            done = repair(path, LATER)
        except DataError as error:  # nothing of it shows any more that it was ours: it stays where it is
            assert "another program's file" in error.message or "of a newer hb" in error.message  # noqa: PT017
            return
        if done.problem:
            usable(path)
    finally:
        shutil.rmtree(folder)


ENDLESS = """CREATE VIEW change AS WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r)
SELECT i AS id, 1 AS host, 1.0 AS at, 'opened' AS kind, 'k' AS key, NULL AS was, 1 AS payload, NULL AS previous,
NULL AS after FROM r"""


def test_a_view_that_answers_for_ever_is_left_out_and_the_rest_saved(tmp_path):
    path = filled(tmp_path, 5)
    theirs = sqlite3.connect(path)
    theirs.execute("ALTER TABLE change RENAME TO other")
    theirs.execute(ENDLESS)
    theirs.commit()
    theirs.close()
    done = repair(path, LATER)
    assert "not those that hb made" in done.problem
    assert done.looks == 5
    assert dict(done.saved)["change"] == 0
    assert len(usable(path)) == 6


def test_a_trigger_is_not_carried_over(tmp_path):
    path = filled(tmp_path, 5)
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TRIGGER drops BEFORE INSERT ON look BEGIN SELECT RAISE(IGNORE); END")
    theirs.commit()
    theirs.close()
    assert repair(path, LATER).looks == 5
    assert len(usable(path)) == 6


class Circle:
    """A damaged table: from any place on it shows an earlier row, and then a page that cannot be read."""

    def __init__(self) -> None:
        self.asked = 0

    def execute(self, sql, words):
        self.asked += 1
        assert words[0] < 1 << 63
        assert self.asked < 1000, "it is read for ever"
        yield (3, "row")
        raise sqlite3.DatabaseError("database disk image is malformed")


def test_pages_that_lead_back_end():
    old: Any = Circle()
    rows = list(repair_module._readable(old, "look", ["id"]))
    assert {row[-1] for row in rows} == {"row"}
    assert 64 < old.asked < 200


def test_a_file_holds_no_more_rows_than_fit_into_it(well):
    connection = sqlite3.connect(well)
    try:
        assert repair_module._most(connection) == os.path.getsize(well) // 4
    finally:
        connection.close()

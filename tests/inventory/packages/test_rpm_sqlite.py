"""rpm's SQLite database: read without a trace, also while rpm's log is full, and never outside its tree."""

from __future__ import annotations

import os
import sqlite3
import tempfile

import pytest
from tests.inventory.packages.trees import link, put, rpm_sqlite

from hb_engine.inventory.linux.packages import rpm_sqlite as module
from hb_engine.inventory.linux.packages.root import Root
from hb_engine.inventory.linux.packages.rpm_sqlite import headers
from hb_engine.model.errors import DataError

WHERE = "/var/lib/rpm/rpmdb.sqlite"


def ask(root, database, *names):
    return list(headers(root, database, names))


def test_headers_by_name_and_folder(tmp_path):
    rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x", "/etc/x"]), (b"two", ["/opt/x"]), (b"three", ["/usr/bin/y"]))
    tree = Root(str(tmp_path))
    assert ask(tree, WHERE, b"/usr/bin/x") == [(b"x", b"one")]
    assert ask(tree, WHERE, b"/opt/x", b"/usr/bin/y") == [(b"x", b"two"), (b"y", b"three")]
    assert sorted(ask(tree, WHERE, b"/elsewhere/x")) == [(b"x", b"one"), (b"x", b"two")]  # for a folder that moved
    assert ask(tree, WHERE, b"/usr/bin/none") == []


def test_names_that_are_no_text(tmp_path):
    place = rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x"]))
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE Basenames SET key = CAST(? AS TEXT)", (b"\xff'x",))
    connection.close()
    assert ask(Root(str(tmp_path)), WHERE, b"/usr/bin/\xff'x") == [(b"\xff'x", b"one")]


def test_our_own_database_is_read_in_place_without_a_trace(tmp_path):
    place = rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x"]))
    before = sorted(os.listdir(place.parent)), place.stat().st_mtime_ns
    assert ask(Root("/"), str(place), b"/usr/bin/x") == [(b"x", b"one")]
    assert (sorted(os.listdir(place.parent)), place.stat().st_mtime_ns) == before


def test_a_path_that_looks_like_options_of_sqlite(tmp_path):
    place = rpm_sqlite(tmp_path / "a?mode=rwc#%41", (b"one", ["/usr/bin/x"]))
    assert ask(Root("/"), str(place), b"/usr/bin/x") == [(b"x", b"one")]


@pytest.fixture
def with_log(tmp_path):
    """A database of which the last package stands in the log only, as while rpm is at work."""
    place = rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x"]))
    writer = sqlite3.connect(place)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("INSERT INTO Packages VALUES (9, ?)", (b"new",))
    writer.execute("INSERT INTO Basenames VALUES ('new', 9, 0)")
    writer.execute("INSERT INTO Dirnames VALUES ('/usr/bin/', 9, 0)")
    writer.commit()
    assert (tmp_path / (WHERE[1:] + "-wal")).stat().st_size
    yield tmp_path
    writer.close()


def test_the_log_counts_in_our_own_tree(with_log):
    assert ask(Root("/"), str(with_log) + WHERE, b"/usr/bin/new") == [(b"new", b"new")]


def test_the_log_counts_in_a_container(with_log):
    before = sorted(os.listdir(with_log / "var/lib/rpm"))
    assert ask(Root(str(with_log)), WHERE, b"/usr/bin/new", b"/usr/bin/x") == [(b"new", b"new"), (b"x", b"one")]
    assert sorted(os.listdir(with_log / "var/lib/rpm")) == before


def test_a_container_cannot_lead_sqlite_to_our_files(tmp_path):
    rpm_sqlite(tmp_path / "ours", (b"secret", ["/usr/bin/x"]))
    tree = tmp_path / "tree"
    link(tree, WHERE, str(tmp_path / "ours") + WHERE)
    with pytest.raises(FileNotFoundError):
        ask(Root(str(tree)), WHERE, b"/usr/bin/x")


def test_copies_do_not_stay(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    rpm_sqlite(tmp_path / "tree", (b"one", ["/usr/bin/x"]))
    assert ask(Root(str(tmp_path / "tree")), WHERE, b"/usr/bin/x")
    first = next(headers(Root(str(tmp_path / "tree")), WHERE, [b"/usr/bin/x"]))  # a reader that stops in the middle
    assert first == (b"x", b"one")
    assert os.listdir(tmp_path / "tmp") == []


def test_a_copy_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "COPY_LIMIT", 100)
    rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x"]))
    with pytest.raises(OSError, match="larger"):
        ask(Root(str(tmp_path)), WHERE, b"/usr/bin/x")


@pytest.mark.parametrize("root", ["/", "tree"])
def test_what_is_no_database(tmp_path, root):
    place = put(tmp_path, WHERE, b"SQLite format 3\0" + bytes(2000))
    tree, path = (Root("/"), str(place)) if root == "/" else (Root(str(tmp_path)), WHERE)
    with pytest.raises(DataError, match="SQLite says"):
        ask(tree, path, b"/usr/bin/x")


def test_blobs_of_another_kind(tmp_path):
    place = rpm_sqlite(tmp_path, (b"one", ["/usr/bin/x"]))
    with sqlite3.connect(place) as connection:
        connection.execute("UPDATE Packages SET blob = 'text'")
    connection.close()
    with pytest.raises(DataError):
        ask(Root(str(tmp_path)), WHERE, b"/usr/bin/x")

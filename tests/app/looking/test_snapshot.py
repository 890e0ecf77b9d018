"""A snapshot is a file that is whole, for its owner's eyes, under a name that a file can have."""

from __future__ import annotations

import os
import stat

import pytest
from tests.faces import kit

from hb_engine.app.looking import snapshot
from hb_engine.model.errors import DataError
from hb_engine.model.record import replace


def named(name):
    return snapshot.name(replace(kit.LOOK, host=replace(kit.HOST, name=name)))


def test_its_name():
    assert snapshot.name(kit.LOOK) == "web-17-20261122T140511Z.hbsnap"
    assert named("") == named("/") == named("..") == "host-20261122T140511Z.hbsnap"
    assert named("../../etc/passwd\n\x1b") == "etcpasswd-20261122T140511Z.hbsnap"
    assert named("-rf") == "rf-20261122T140511Z.hbsnap"
    assert len(named("x" * 1000)) == 64 + 24


def test_it_is_written_whole_and_for_its_owner(tmp_path):
    path = str(tmp_path / "a.hbsnap")
    assert snapshot.write(path, "one\n") == path
    assert snapshot.write(path, "two\n") == path
    with open(path, encoding="ascii") as file:
        assert file.read() == "two\n"
    assert os.listdir(tmp_path) == ["a.hbsnap"]
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_link_is_replaced_not_followed(tmp_path):
    (tmp_path / "victim").write_text("theirs")
    os.symlink(tmp_path / "victim", tmp_path / "a.hbsnap")
    snapshot.write(str(tmp_path / "a.hbsnap"), "ours")
    assert (tmp_path / "victim").read_text() == "theirs"
    assert not os.path.islink(tmp_path / "a.hbsnap")


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    with pytest.raises(DataError, match="is a folder"):
        snapshot.write(str(tmp_path), "x")
    with pytest.raises(DataError, match="cannot be written"):
        snapshot.write(str(tmp_path / "no" / "such" / "folder"), "x")
    with pytest.raises(UnicodeEncodeError):  # documents are ASCII; nothing of one that is not stays behind
        snapshot.write(str(tmp_path / "b"), "\u00e4")
    assert os.listdir(tmp_path) == []


def test_a_look_with_what_speaks(monkeypatch):
    monkeypatch.setattr("hb_engine.app.looking.look.look", lambda: kit.LOOK)
    monkeypatch.setattr("hb_engine.app.looking.own.speaks", lambda openings: {one.key: kit.ANSWER for one in openings})
    assert snapshot.take() == snapshot.Taken(kit.LOOK, None)
    assert len(snapshot.take(identify=True).spoken or {}) == len(kit.LOOK.openings)

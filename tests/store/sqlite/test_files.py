"""A history lies where nobody else can write, or it is refused; what is there is never loosened or changed."""

from __future__ import annotations

import os
import stat

import pytest
from tests.store.kit import SSH, look
from tests.store.sqlite.kit import opened

from hb_engine.model.errors import DataError
from hb_engine.store.sqlite import files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and owners")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state" / "hb-engine" / "history.db")


def test_it_is_made_for_its_owner_alone(path):
    assert not os.path.exists(path)
    files.prepare(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    assert files.check(path)
    assert files.may_write(path)
    files.prepare(path)  # again, and it stays


def test_where_there_is_none(path, tmp_path):
    os.makedirs(os.path.dirname(path), 0o700)
    assert not files.check(path)
    with pytest.raises(DataError, match="cannot be looked at"):
        files.check(str(tmp_path / "nowhere" / "history.db"))
    with pytest.raises(DataError, match="no absolute path"):
        files.check("history.db")


def test_a_link_is_not_followed(path, tmp_path):
    os.makedirs(os.path.dirname(path), 0o700)
    victim = tmp_path / "victim"
    victim.write_text("theirs")
    os.symlink(victim, path)
    for ask in (files.check, files.prepare):
        with pytest.raises(DataError, match="no plain file"):
            ask(path)
    assert victim.read_text() == "theirs"
    os.unlink(path)
    os.symlink(tmp_path / "not-there", path)
    with pytest.raises(DataError):
        files.prepare(path)
    assert not os.path.exists(tmp_path / "not-there")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file(path, make):
    os.makedirs(os.path.dirname(path), 0o700)
    make(path)
    for ask in (files.check, files.prepare):
        with pytest.raises(DataError, match="no plain file"):
            ask(path)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write(path, mode):
    files.prepare(path)
    os.chmod(path, mode)
    with pytest.raises(DataError, match="may be written by others") as caught:
        files.check(path)
    assert f"chmod 600 {path}" in caught.value.remedy
    assert stat.S_IMODE(os.stat(path).st_mode) == mode


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777])
def test_a_folder_that_others_may_write(path, mode):
    files.prepare(path)
    os.chmod(os.path.dirname(path), mode)
    for ask in (files.check, files.prepare):
        with pytest.raises(DataError, match="others may write to"):
            ask(path)


def test_a_folder_further_up(path, tmp_path):
    """Whoever may rename a folder on the way may put another in its place; a sticky one keeps them from it."""
    files.prepare(path)
    (tmp_path / "state").chmod(0o777)
    with pytest.raises(DataError, match="others may write to"):
        files.check(path)
    (tmp_path / "state").chmod(0o1777)
    assert files.check(path)


def test_a_folder_behind_a_link_is_judged_where_it_lies(path, tmp_path):
    files.prepare(path)
    os.symlink(tmp_path / "state", tmp_path / "short")
    assert files.check(str(tmp_path / "short" / "hb-engine" / "history.db"))
    (tmp_path / "state").chmod(0o777)
    with pytest.raises(DataError, match="others may write to"):
        files.check(str(tmp_path / "short" / "hb-engine" / "history.db"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_another_user_s(path, tmp_path):
    files.prepare(path)
    os.chown(path, 65534, 65534)
    with pytest.raises(DataError, match="is another user's"):
        files.check(path)
    os.chown(path, 0, 0)
    os.chown(os.path.dirname(path), 65534, 65534)
    with pytest.raises(DataError, match="is another user's"):
        files.check(path)


def test_what_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="cannot be written"):
        files.prepare(str(tmp_path / "file" / "history.db"))


def test_a_log_beside_the_file(tmp_path):
    store = opened(tmp_path)
    assert not files.was_left_open(store.path + "x")
    store.record(look(0, SSH))
    assert files.was_left_open(store.path)
    store.close()
    assert not files.was_left_open(store.path)

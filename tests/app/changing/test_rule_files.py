"""A file of rules is the old one or the new one, whoever is killed when; and it stays its owner's."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import sys

import pytest

from hb_engine.app.changing import rule_files
from hb_engine.model.errors import BadInput, DataError

ROOT = os.geteuid() == 0
OLD, NEW = "# old\n" * 400, "# new\n" * 500


def test_what_was_not_there_is_made_and_what_was_there_is_replaced(tmp_path):
    path = str(tmp_path / "a.toml")
    assert rule_files.read(path) is None
    rule_files.write(path, OLD, None)
    assert rule_files.read(path) == OLD
    rule_files.write(path, NEW, OLD)
    assert rule_files.read(path) == NEW
    assert os.listdir(tmp_path) == ["a.toml"]


def test_line_ends_and_letters_stay(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes("# d\u00e9j\u00e0\r\nx = 1".encode())
    text = rule_files.read(str(path))
    assert text == "# d\u00e9j\u00e0\r\nx = 1"
    rule_files.write(str(path), text + "\r\n", text)
    assert path.read_bytes() == "# d\u00e9j\u00e0\r\nx = 1\r\n".encode()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444])
def test_the_mode_stays(tmp_path, mode):
    path = tmp_path / "a.toml"
    path.write_text(OLD)
    path.chmod(mode)
    rule_files.write(str(path), NEW, OLD)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_obeys_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        rule_files.write(str(tmp_path / "a.toml"), NEW, None)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.toml").stat().st_mode) == 0o600


@pytest.mark.root
@pytest.mark.skipif(not ROOT, reason="only root gives files away")
def test_the_owner_stays_and_a_new_file_is_the_folders_owners(tmp_path):
    (tmp_path / "a.toml").write_text(OLD)
    os.chown(tmp_path / "a.toml", 1234, 4321)
    rule_files.write(str(tmp_path / "a.toml"), NEW, OLD)
    os.chown(tmp_path, 2222, 3333)
    rule_files.write(str(tmp_path / "b.toml"), NEW, None)
    assert rule_files.make_folder(str(tmp_path / "hb.d"))
    owners = [
        ((tmp_path / name).stat().st_uid, (tmp_path / name).stat().st_gid) for name in ("a.toml", "b.toml", "hb.d")
    ]
    assert owners == [(1234, 4321), (2222, 3333), (2222, 3333)]


def test_a_file_is_removed_only_as_it_was_known(tmp_path):
    path = str(tmp_path / "a.toml")
    rule_files.write(path, OLD, None)
    with pytest.raises(DataError, match="changed by somebody else"):
        rule_files.remove(path, NEW)
    rule_files.remove(path, OLD)
    assert rule_files.read(path) is None
    with pytest.raises(DataError):
        rule_files.remove(path, OLD)


def test_links_are_refused_both_ways(tmp_path):
    (tmp_path / "real.toml").write_text(OLD)
    link = tmp_path / "a.toml"
    link.symlink_to("real.toml")
    with pytest.raises(DataError, match="is a link"):
        rule_files.read(str(link))
    with pytest.raises(DataError, match="is a link"):
        rule_files.write(str(link), NEW, OLD)
    assert (tmp_path / "real.toml").read_text() == OLD
    assert link.is_symlink()


def test_a_link_where_the_new_file_is_to_be_written_is_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / f".a.toml.{os.getpid()}.hb-new").symlink_to(victim)
    rule_files.write(str(tmp_path / "d" / "a.toml"), NEW, None)
    assert victim.read_text() == "precious"
    assert (tmp_path / "d" / "a.toml").read_text() == NEW


def test_what_somebody_else_changed_is_not_written_over(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("theirs")
    for before in (None, OLD):
        with pytest.raises(DataError, match="changed by somebody else"):
            rule_files.write(str(path), NEW, before)
    assert path.read_text() == "theirs"
    with pytest.raises(DataError, match="changed by somebody else"):
        rule_files.write(str(tmp_path / "gone.toml"), NEW, OLD)
    assert not (tmp_path / "gone.toml").exists()


def test_a_name_that_no_file_can_have_is_told():
    with pytest.raises(DataError, match="cannot be a file's name"):
        rule_files.read("/etc/\0hb.toml")


def test_what_is_no_plain_file_of_text_is_told(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes(b"a\n\xe9\n")
    (tmp_path / "huge").write_bytes(b"#" * (rule_files.LIMIT + 1))
    for name, words in (
        ("fifo", "is no file"),
        ("folder", "is no file"),
        ("latin", "latin:2: .*UTF-8"),
        ("huge", "8 MiB"),
    ):
        with pytest.raises(DataError, match=words):
            rule_files.read(str(tmp_path / name))


def test_what_killed_programs_left_long_ago_is_swept(tmp_path):
    old, new = tmp_path / ".a.toml.1.hb-new", tmp_path / ".a.toml.2.hb-new"
    old.write_text("half")
    new.write_text("half")
    os.utime(old, (0, 0))
    rule_files.write(str(tmp_path / "a.toml"), NEW, None)
    assert sorted(os.listdir(tmp_path)) == [new.name, "a.toml"]


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        rule_files.write(str(tmp_path / "none" / "a.toml"), NEW, None)
    with pytest.raises(BadInput, match="there is no folder"):
        rule_files.make_folder(str(tmp_path / "none" / "hb.d"))
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="is no folder"):
        rule_files.make_folder(str(tmp_path / "file"))
    assert rule_files.make_folder(str(tmp_path / "hb.d"))
    assert not rule_files.make_folder(str(tmp_path / "hb.d"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.toml"
    path.write_text(OLD)
    full = os.open("/dev/full", os.O_WRONLY)
    real = os.write
    monkeypatch.setattr(os, "write", lambda _, data: real(full, data))
    with pytest.raises(DataError, match="No space left"):
        rule_files.write(str(path), NEW, OLD)
    os.close(full)
    assert (os.listdir(tmp_path), path.read_text()) == (["a.toml"], OLD)


STEPS = ("open", "fchmod", "write", "fsync", "rename")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("old", [OLD, None], ids=["replaced", "made"])
def test_killed_at_any_step_the_file_is_the_old_one_or_the_new_one(tmp_path, step, after, old):
    """The child is killed by SIGKILL right before or after each step; half of the text is written by then at most."""
    path = str(tmp_path / "a.toml")
    if old is not None:
        rule_files.write(path, old, None)
    pid = os.fork()
    if pid == 0:
        _die_at(step, after=after)
        rule_files.write(path, NEW, old)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert rule_files.read(path) in (old, NEW)
    assert rule_files.read(path) == (NEW if (step, after) == ("rename", True) else old)
    now = rule_files.read(path)
    rule_files.write(path, NEW + "# more\n", now)  # and what is left lies in nobody's way
    assert rule_files.read(path) == NEW + "# more\n"
    assert [name for name in os.listdir(tmp_path) if name.endswith((".toml", ".yaml", ".json"))] == ["a.toml"]


def _die_at(step, *, after):
    real = getattr(os, step)

    def last(*words, **more):
        if step == "open" and not words[1] & os.O_CREAT:
            return real(*words, **more)
        if step == "write" and after:
            words = (words[0], words[1][: len(words[1]) // 2])
        if after:
            real(*words, **more)
        os.kill(os.getpid(), signal.SIGKILL)
        return sys.exit(1)

    setattr(os, step, last)


@pytest.mark.slow
def test_two_writers_do_not_lose_each_others_blocks(tmp_path):
    """Four children append ten lines each, trying again when another was faster: all lines are there."""
    path = str(tmp_path / "a.toml")
    rule_files.write(path, "", None)
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            _append(path, child)
            os._exit(0)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
    lines = (rule_files.read(path) or "").split()
    assert sorted(lines) == sorted(f"{child}-{number}" for child in range(4) for number in range(10))


def _append(path, child):
    for number in range(10):
        while True:
            before = rule_files.read(path)
            try:
                rule_files.write(path, f"{before}{child}-{number}\n", before)
                break
            except DataError:
                continue


def test_a_folder_that_somebody_holds_is_not_waited_for_for_ever(tmp_path, monkeypatch):
    """flock(2) needs no right to write: any user who may read the folder could keep root waiting."""
    monkeypatch.setattr(rule_files._hold, "__defaults__", (0.0,))
    place = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another program holds the folder"):
            rule_files.write(str(tmp_path / "a.toml"), "x", None)
    finally:
        os.close(place)
    assert os.listdir(tmp_path) == []
    rule_files.write(str(tmp_path / "a.toml"), "x", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_only_an_empty_folder_is_given_to_the_parents_owner(tmp_path):
    """Whoever owns the parent may put a link, or a folder of root's that they may not read, in its place."""
    os.chown(tmp_path, 65534, 65534)
    full, link = tmp_path / "full", tmp_path / "link"
    full.mkdir()
    (full / "secret").write_text("x")
    link.symlink_to("/etc")
    parent = os.stat(tmp_path)
    rule_files._give(str(full), parent)
    with pytest.raises(OSError, match="link"):
        rule_files._give(str(link), parent)
    assert (full.stat().st_uid, os.stat("/etc").st_uid) == (0, 0)
    assert rule_files.make_folder(str(tmp_path / "hb.d"))
    assert (tmp_path / "hb.d").stat().st_uid == 65534

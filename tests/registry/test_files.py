"""The old file or the new one, whole: with no room, no right, and a program that dies halfway."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from hb_engine.model.errors import DataError
from hb_engine.registry import files


def scraps(folder):
    return [name for name in os.listdir(folder) if name.endswith(files.SUFFIX)]


def test_a_new_file_in_a_new_folder(tmp_path):
    folder = str(tmp_path / "a" / "b")
    files.write_whole(folder, "x", b"new")
    assert files.read_small(os.path.join(folder, "x")) == b"new"
    assert scraps(folder) == []


def test_an_old_file_is_replaced_not_changed(tmp_path):
    (tmp_path / "x").write_bytes(b"old")
    with open(tmp_path / "x", "rb") as reader:
        files.write_whole(str(tmp_path), "x", b"new")
        assert reader.read() == b"old"
    assert (tmp_path / "x").read_bytes() == b"new"


def test_what_does_not_pass_is_not_put_in_place(tmp_path):
    (tmp_path / "x").write_bytes(b"old")
    seen = []

    def verify(data):
        seen.append(data)
        raise DataError("no")

    with pytest.raises(DataError, match="no"):
        files.write_whole(str(tmp_path), "x", b"new", verify)
    assert seen == [b"new"]
    assert (tmp_path / "x").read_bytes() == b"old"
    assert scraps(tmp_path) == []


def test_where_the_folder_should_be_is_a_file(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        files.write_whole(str(tmp_path / "x"), "y", b"new")
    assert "cannot be written" in caught.value.message
    assert "kept" in caught.value.remedy


def test_where_the_file_should_be_is_a_folder(tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(DataError):
        files.write_whole(str(tmp_path), "x", b"new")
    assert scraps(tmp_path) == []


def test_no_link_is_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / f".x.{os.getpid()}{files.SUFFIX}").symlink_to(victim)
    files.write_whole(str(tmp_path), "x", b"new")
    assert victim.read_bytes() == b"precious"
    assert not (tmp_path / "x").is_symlink()


def test_paths_in_messages_are_escaped(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        files.write_whole(str(tmp_path / "x" / "\x1b[2J"), "y", b"new")
    assert caught.value.message.isprintable()


LIMITED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from hb_engine.model.errors import DataError
from hb_engine.registry import files
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    files.write_whole(sys.argv[2], "x", bytes(10000))
except DataError as error:
    print(error.message)
"""


def test_a_file_that_may_not_grow(tmp_path):
    """RLIMIT_FSIZE: the first write is short, and the second one fails, as on a disk that fills up."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] != 0
    (tmp_path / "x").write_bytes(b"old")
    source = os.path.dirname(os.path.dirname(os.path.dirname(files.__file__)))
    command = [sys.executable, "-I", "-S", "-c", LIMITED, source, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    assert (tmp_path / "x").read_bytes() == b"old"
    assert scraps(tmp_path) == []


@pytest.mark.root
def test_a_full_disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        (tmp_path / "x").write_bytes(b"old")
        with pytest.raises(DataError, match="No space left on device"):
            files.write_whole(str(tmp_path), "x", bytes(1 << 20))
        assert (tmp_path / "x").read_bytes() == b"old"
        assert scraps(tmp_path) == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_scraps_of_killed_programs_are_swept(tmp_path):
    old, young = tmp_path / f".x.1{files.SUFFIX}", tmp_path / f".x.2{files.SUFFIX}"
    other = tmp_path / ".x.3"
    for path in (old, young, other):
        path.write_bytes(b"half")
    os.utime(old, (1000, 1000))
    os.utime(other, (1000, 1000))
    os.utime(young, (9000, 9000))
    assert files.sweep(str(tmp_path), 1000 + files.STALE + 1) == [old.name]
    assert young.exists()
    assert other.exists()


def test_sweeping_what_is_not_there_or_a_folder(tmp_path):
    assert files.sweep(str(tmp_path / "absent"), 0) == []
    folder = tmp_path / f".x.1{files.SUFFIX}"
    folder.mkdir()
    os.utime(folder, (0, 0))
    assert files.sweep(str(tmp_path), 1e9) == []


def test_small_files(tmp_path):
    (tmp_path / "x").write_bytes(b"12345")
    assert files.read_small(str(tmp_path / "x"), 5) == b"12345"
    assert files.read_small(str(tmp_path / "x"), 4) is None
    assert files.read_small(str(tmp_path / "absent")) is None
    assert files.read_small(str(tmp_path)) is None
    os.mkfifo(tmp_path / "pipe")
    assert files.read_small(str(tmp_path / "pipe")) is None

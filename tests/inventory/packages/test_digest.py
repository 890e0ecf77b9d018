"""Digests of files and descriptors, and what a file is known by."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from hb_engine.inventory.linux.packages import digest
from hb_engine.inventory.linux.packages.digest import digest_of, identity, settled


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "file"
    place.write_bytes(b"content" * 100_000)
    return place


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_each_algorithm(file, algorithm):
    found, stat = digest_of(str(file), algorithm)
    assert found == hashlib.new(algorithm, file.read_bytes(), usedforsecurity=False).hexdigest()
    assert stat.st_ino == file.stat().st_ino


def test_sha256_cut_to_twenty_bytes_as_apk_does(file):
    assert digest_of(str(file), "sha256-160")[0] == hashlib.sha256(file.read_bytes()).hexdigest()[:40]


def test_a_descriptor_stays_open_and_where_it_was(file):
    with file.open("rb") as source:
        source.read(3)
        assert digest_of(source.fileno(), "md5")[0] == hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
        assert source.read(4) == b"tent"


def test_what_is_no_plain_file(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (str(tmp_path), str(tmp_path / "fifo")):
        with pytest.raises(OSError) as caught:
            digest_of(path, "md5")
        assert caught.value.errno == errno.EINVAL
    with pytest.raises(FileNotFoundError):
        digest_of(str(tmp_path / "gone"), "md5")


def test_an_algorithm_that_python_refuses(file):
    with pytest.raises(OSError) as caught:
        digest_of(str(file), "sha7")
    assert caught.value.errno == errno.EOPNOTSUPP
    assert "sha7" in (caught.value.strerror or "")


def test_a_file_that_is_too_large(file, monkeypatch):
    monkeypatch.setattr(digest, "LIMIT", 1000)
    with pytest.raises(OSError) as caught:
        digest_of(str(file), "md5")
    assert caught.value.errno == errno.EFBIG


def test_a_file_that_changes_while_it_is_read(file, monkeypatch):
    def grow(fd, algorithm):
        with file.open("ab") as target:
            target.write(b"more")
        return "x"

    monkeypatch.setattr(digest, "_read_through", grow)
    with pytest.raises(OSError) as caught:
        digest_of(str(file), "md5")
    assert caught.value.errno == errno.EBUSY


def test_identity_changes_with_every_kind_of_change(file):
    seen = {identity(file.stat())}
    file.write_bytes(b"other")
    seen.add(identity(file.stat()))
    before = file.stat()
    file.write_bytes(b"OTHER")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # an intruder sets mtime back; ctime cannot be set
    seen.add(identity(file.stat()))
    copy = file.with_name("copy")
    copy.write_bytes(b"OTHER")
    seen.add(identity(copy.stat()))
    assert len(seen) == 4


def test_what_has_just_changed_has_not_settled(file):
    now = max(file.stat().st_mtime_ns, file.stat().st_ctime_ns)
    assert not settled(file.stat(), now)
    assert not settled(file.stat(), now + 2_000_000_000)
    assert settled(file.stat(), now + 2_000_000_001)
    assert not settled(file.stat(), 0)  # a clock that was set back

"""A user's own files: what cannot be read is said with its name, and what is too large is not read to its end."""

from __future__ import annotations

import os

import pytest

from hb_engine.identify.opinions import reading
from hb_engine.model.errors import BadInput, DataError


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "one").write_bytes(b"\0\xff words")
    assert reading.one(str(tmp_path / "one"), "a file") == b"\0\xff words"


@pytest.mark.parametrize("name", ["missing", "", "with a \0 in it"])
def test_what_cannot_be_read_is_the_persons_mistake(tmp_path, name):
    with pytest.raises(BadInput) as caught:
        reading.one(str(tmp_path / name), "a file of that kind")
    assert caught.value.remedy == "Name a file of that kind."


def test_what_is_too_large_is_no_such_file(tmp_path):
    with open(tmp_path / "large", "wb") as file:
        file.truncate(reading.LARGEST + 1)  # a hole: it takes no room
    with pytest.raises(DataError, match="more than 16 MiB"):
        reading.one(str(tmp_path / "large"), "a file")


def test_a_device_without_an_end_is_read_no_further_than_that():
    if not os.path.exists("/dev/zero"):
        pytest.skip("this system has no /dev/zero")
    with pytest.raises(DataError):
        reading.one("/dev/zero", "a file")


def test_a_folders_files_come_in_order_and_only_those_of_the_ending(tmp_path):
    for name in ("b.xml", "a.xml", "notes.txt"):
        (tmp_path / name).write_text("")
    assert [os.path.basename(name) for name in reading.folder(str(tmp_path), ".xml", "a folder")] == ["a.xml", "b.xml"]


def test_a_whole_checkout_may_be_named_too(tmp_path):
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "a.xml").write_text("")
    assert reading.folder(str(tmp_path), ".xml", "a folder") == (str(tmp_path / "xml" / "a.xml"),)


def test_a_folder_without_such_files(tmp_path):
    with pytest.raises(BadInput, match=r"no file that ends in \.xml"):
        reading.folder(str(tmp_path), ".xml", "a folder")
    (tmp_path / "xml").mkdir()
    with pytest.raises(BadInput, match=r"no file that ends in \.xml"):
        reading.folder(str(tmp_path), ".xml", "a folder")
    with pytest.raises(BadInput):
        reading.folder("a \0 folder", ".xml", "a folder")


def test_a_folder_with_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST", 1)
    for name in ("b.xml", "a.xml"):
        (tmp_path / name).write_text("")
    with pytest.raises(BadInput, match="more than 1 files"):
        reading.folder(str(tmp_path), ".xml", "a folder")

"""Files of targets: what is read, and how what cannot be read is told."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan import sources
from hb_engine.scan.sources import Said, from_file


def refused(function, *words):
    with pytest.raises(BadInput) as raised:
        function(*words)
    return f"{raised.value.message} | {raised.value.remedy}"


def test_words_of_a_file_with_their_lines(tmp_path):
    path = tmp_path / "hosts"
    path.write_bytes(b"10.0.0.1 # the first\n\n\t fd00::1   x\r\n# none\n")
    assert from_file(str(path)) == [
        Said("10.0.0.1", f"{path}:1"),
        Said("fd00::1", f"{path}:3"),
        Said("x", f"{path}:3"),
    ]


def test_files_that_are_none(tmp_path):
    assert "No such file" in refused(from_file, str(tmp_path / "none"))
    assert "is no file" in refused(from_file, str(tmp_path))
    assert "cannot be read: no such name can be" in refused(from_file, "a\0b")
    os.mkfifo(tmp_path / "pipe")
    assert "is no file" in refused(from_file, str(tmp_path / "pipe"))


def test_files_with_nothing_or_too_much_or_files_inside(tmp_path, monkeypatch):
    path = tmp_path / "hosts"
    path.write_text("# nothing\n")
    assert "holds no target" in refused(from_file, str(path))
    path.write_text("10.0.0.1\n@file:other\n")
    assert refused(from_file, str(path)).startswith(f"{path}:2: '@file:other' stands in a file")
    monkeypatch.setattr(sources, "LIMIT", 1 << 20)
    path.write_bytes(b"1" * ((1 << 20) + 1))
    assert "larger than 1 MiB" in refused(from_file, str(path))


def test_bytes_that_are_no_text_become_a_word_that_is_refused_elsewhere(tmp_path):
    path = tmp_path / "hosts"
    path.write_bytes(b"\xff\xfe")
    assert from_file(str(path)) == [Said("\udcff\udcfe", f"{path}:1")]


@given(st.binary(max_size=80) | st.text("[]role\"=\n hosts123,'{}", max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_raises_anything_but_bad_input(tmp_path, data):
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    told = ""
    try:
        from_file(str(path))
    except BadInput as error:
        told = error.message + error.remedy
    assert told.isprintable()

"""Files of targets and the baseline's roles: what is read, and how what cannot be read is told."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hb_engine.model.errors import BadInput
from hb_engine.scan import sources
from hb_engine.scan.sources import Said, from_baseline, from_file

ROLES = '[[role]]\nname = "web"\nhosts = ["10.0.0.1", "web-2"]\n[[role]]\nname = "db"\nhosts = ["10.0.0.9"]\n'


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


def test_roles(tmp_path):
    (tmp_path / "a.toml").write_text(ROLES)
    (tmp_path / "b.toml").write_text('[other]\nx = 1\n[[role]]\nname = "web"\nhosts = ["10.0.0.2"]\n')
    (tmp_path / ".hidden.toml").write_text("broken")
    (tmp_path / "notes.txt").write_text("broken")
    assert [said.word for said in from_baseline("web", str(tmp_path))] == ["10.0.0.1", "web-2", "10.0.0.2"]
    everything = from_baseline("baseline", str(tmp_path))
    assert [said.word for said in everything] == ["10.0.0.1", "web-2", "10.0.0.9", "10.0.0.2"]
    assert everything[0].where == f"{tmp_path / 'a.toml'}, role 'web'"
    assert refused(from_baseline, "dn", str(tmp_path)).endswith("is called 'dn' | The roles there are db, web.")


def test_without_a_baseline_a_person_is_told_what_to_write(tmp_path):
    told = refused(from_baseline, "baseline", str(tmp_path / "hb.d"))
    assert told.startswith(f"there is no baseline in {tmp_path / 'hb.d'}: No such file or directory | Write ")
    assert 'hosts.toml with [[role]], name = "web", hosts = ["10.0.3.7"], or type the hosts themselves.' in told
    assert "no role" in refused(from_baseline, "baseline", str(tmp_path))
    (tmp_path / "a.toml").write_text('[[role]]\nname = "web"\n')
    assert "names a host" in refused(from_baseline, "web", str(tmp_path))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[[role]\n", "is no TOML"),
        ("[[role]]\nhosts = []\n", "has no name"),
        ('[[role]]\nname = "web"\nhosts = "x"\n', "hosts that are no list"),
        ('[[role]]\nname = "web"\nhosts = [7]\n', "is no text"),
        ("x = " + "[" * 5000, "is no TOML"),
    ],
)
def test_files_of_the_baseline_with_a_mistake(tmp_path, written, told):
    (tmp_path / "a.toml").write_text(written)
    assert told in refused(from_baseline, "web", str(tmp_path))


def test_a_folder_with_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILES", 1)
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text("")
    assert "more than 1 files" in refused(from_baseline, "web", str(tmp_path))


@given(st.binary(max_size=80) | st.text("[]role\"=\n hosts123,'{}", max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_raises_anything_but_bad_input(tmp_path, data):
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    for read, words in ((from_file, (str(path),)), (from_baseline, ("web", str(tmp_path)))):
        told = ""
        try:
            read(*words)
        except BadInput as error:
            told = error.message + error.remedy
        assert told.isprintable()

"""Files by the format of their names, and those that are no file of rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.baseline.trees import plain

from hb_engine.baseline.language import formats as files


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", "a = 1"), ("hb.d/A.TOML", "a = 1"), ("a.json", '{"a": 1}'), ("pack:x.toml", "a = 1")],
)
def test_the_name_says_the_format(name, text):
    file = files.opened(name, text)
    assert plain(file.root) == {"a": 1}
    assert (file.mistakes, file.source.file) == ((), name)


def test_formats_and_endings():
    assert files.endings() == (".json", ".toml", ".yaml", ".yml")
    assert [one.FORMAT.name for one in files.readers()] == ["JSON", "TOML", "YAML"]
    assert files.reader_of("a.txt") is None
    assert files.reader_of("toml") is None


def test_a_name_of_no_format():
    file = files.opened("rules.conf", "x")
    assert file.root is None
    assert file.mistakes[0].message == "the name ends in no format that hb reads"
    assert file.mistakes[0].remedy == "It reads .json, .toml, .yaml, .yml."


def test_a_mark_at_the_beginning_and_line_ends_of_windows():
    file = files.opened("a.toml", "\ufeffa = 1\r\nb = 'x'\r\n")
    assert plain(file.root) == {"a": 1, "b": "x"}
    assert file.root is not None
    assert file.source.where(file.root.value["b"].at).text == "a.toml:2:5"


def test_what_no_person_writes(monkeypatch):
    assert files.opened("a.toml", "a = 1\n\0").mistakes[0].at == 6
    monkeypatch.setattr(files, "LARGEST", 10)
    assert files.opened("a.toml", "#" * 11).mistakes[0].code == "too-large"
    assert files.opened("a.toml", "#" * 10).mistakes == ()


@given(st.sampled_from(["a.toml", "a.json", "a.yaml", "a"]), st.text(max_size=60))
def test_no_text_raises(name, text):
    file = files.opened(name, text)
    assert file.root is not None or file.mistakes
    for mistake in file.mistakes:
        assert file.source.where(mistake.at).line >= 1

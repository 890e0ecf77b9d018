"""Whether pages were useful: counted, bounded, and never in the way."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.app.hub import votes
from hb_engine.app.hub.votes import Votes
from hb_engine.model.errors import BadInput, CannotLook, DataError


def test_nothing_was_judged_yet(tmp_path):
    assert votes.kept(str(tmp_path)) == ()


def test_yes_and_no_are_counted_by_port(tmp_path):
    folder = str(tmp_path / "state")
    assert votes.add(1703, useful=True, folder=folder) == Votes(1703, 1, 0)
    assert votes.add(22, useful=False, folder=folder) == Votes(22, 0, 1)
    assert votes.add(1703, useful=True, folder=folder) == Votes(1703, 2, 0)
    assert votes.kept(folder) == (Votes(22, 0, 1), Votes(1703, 2, 0))  # the latest last


def test_it_is_kept_in_the_state_folder(tmp_path):
    votes.add(0, useful=True)  # the folder is the test's own, by conftest.py
    assert os.path.exists(tmp_path / "state" / "hb-engine" / votes.FILE)
    assert votes.kept() == (Votes(0, 1, 0),)


@pytest.mark.parametrize("port", [-1, 65536, "22", None, True, 2.0, [1]])
def test_what_is_no_port_is_refused(tmp_path, port):
    with pytest.raises(BadInput, match="is no port"):
        votes.add(port, useful=True, folder=str(tmp_path))


def test_of_too_many_pages_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(votes, "MOST", 3)
    for port in (1, 2, 3, 1, 4):
        votes.add(port, useful=True, folder=str(tmp_path))
    assert votes.kept(str(tmp_path)) == (Votes(3, 1, 0), Votes(1, 2, 0), Votes(4, 1, 0))


def test_a_count_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(votes, "HIGHEST", 2)
    for _ in range(4):
        told = votes.add(7, useful=True, folder=str(tmp_path))
    assert told == Votes(7, 2, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": 2, "pages": [[1, 1, 1]]}',
        '{"format": 1, "pages": 5}',
        '{"format": 1, "pages": [[1, 1], [1, -1, 1], [70000, 1, 1], [1, true, 1], "x", null, [1, 1e9, 1]]}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_none_of_ours_is_as_good_as_none(tmp_path, text):
    (tmp_path / votes.FILE).write_text(text)
    assert votes.kept(str(tmp_path)) == ()
    assert votes.add(1, useful=False, folder=str(tmp_path)) == Votes(1, 0, 1)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_in_its_place_break_it(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("state")
    (folder / votes.FILE).write_bytes(data)
    votes.kept(str(folder))


def test_the_file_says_nothing_but_numbers(tmp_path):
    votes.add(1703, useful=True, folder=str(tmp_path))
    assert json.loads((tmp_path / votes.FILE).read_text()) == {"format": 1, "pages": [[1703, 1, 0]]}


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        votes.add(1, useful=True, folder=str(tmp_path / "file"))


def test_without_a_folder_there_is_nothing_to_keep_it_in(monkeypatch):
    monkeypatch.setattr("hb_engine.app.folders.state", lambda: None)
    assert votes.kept() == ()
    with pytest.raises(CannotLook, match="no folder"):
        votes.add(1, useful=True)

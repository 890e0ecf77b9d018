"""What is told in passing costs little, and is what the store tells."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.store.kit import BOX, SSH, START, WEB, look, on
from tests.store.sqlite.kit import filled, opened, overwrite

from hb_engine.model.errors import DataError
from hb_engine.model.history import KeyChange, News
from hb_engine.store.sqlite.news import news

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def test_by_keys(tmp_path):
    store = opened(tmp_path)
    assert news(store.path, 0, "web-17") == News(None)
    store.record(look(0, SSH, on(WEB, "loopback")))
    store.record(look(300, SSH, WEB))
    store.record(look(600, SSH, BOX, WEB))
    told = news(store.path, START, "web-17")
    assert told.last == START + 600
    assert told.changes == (
        KeyChange(START + 300, "widened", WEB.key, on(WEB, "loopback").key),
        KeyChange(START + 600, "opened", BOX.key, None),
    )
    assert told.open == {SSH.key, WEB.key, BOX.key}
    assert news(store.path, START + 300, "web-17").changes == told.changes[1:]
    assert news(store.path, START, "another") == News(None)
    store.close()


def test_it_tells_what_the_store_tells(tmp_path):
    path = filled(tmp_path, 30)
    store = opened(tmp_path)
    told = news(path, START + 1000, "web-17")
    assert [(change.at, change.kind) for change in told.changes[::-1]] == [
        (change.at, change.kind) for change in store.changes(START + 1000)
    ]
    assert told.open == {span.opening.key for span in store.history("", None) if span.gone_at is None}
    store.close()


def test_damage_is_told(tmp_path):
    path = filled(tmp_path, 3)
    overwrite(path, 0, b"x" * 8192)
    with pytest.raises(DataError, match="is damaged"):
        news(path, 0, "web-17")


@pytest.mark.slow
def test_it_imports_no_more_than_it_needs(tmp_path):
    """Neither what unpacks openings nor the parts of SQLite's module that are in Python."""
    path = filled(tmp_path, 3)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from hb_engine.store.sqlite.news import news\n"
        "print(len(news(sys.argv[2], 0, 'web-17').open), *sys.modules)\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, os.path.join(TOP, "src"), path]
    count, *loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert count == "2"
    assert not {"sqlite3", "json", "re", "datetime", "hb_engine.store.payload", "hb_engine.store.compare"} & set(loaded)

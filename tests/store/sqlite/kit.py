"""Files of history for tests: made, filled, damaged."""

from __future__ import annotations

import os

from tests.store.kit import SSH, daemon, look

from hb_engine.store.sqlite import files
from hb_engine.store.sqlite.store import Sqlite


def path_in(folder):
    """Where a test's file lies."""
    return os.path.join(str(folder), "history", "history.db")


def opened(folder):
    """A store in a folder, made where there is none."""
    path = path_in(folder)
    files.prepare(path)
    return Sqlite(path)


def filled(folder, turns=40):
    """A file with so many looks, a port opening in each and closing in the next; its path."""
    store = opened(folder)
    for turn in range(turns):
        store.record(look(turn * 300, SSH, daemon(10_000 + turn, pid=turn + 1)))
    store.close()
    return path_in(folder)


def at(store, when):
    """What was open at a time, where somebody had looked."""
    moment = store.at(when)
    assert moment is not None
    return moment


def overwrite(path, at, data):
    """Put bytes into a file."""
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(data)

"""Killed in the middle of keeping a look, a process leaves a history that is whole, with every look that it said was
kept; and the next looker goes on with it. Every process is one that the test made."""

from __future__ import annotations

import os
import signal

import pytest
from tests.store.kit import SSH, daemon, look

from hb_engine.app.hub.keeping import Keeping
from hb_engine.store.sqlite.store import Sqlite

HERE = "web-17"


def record_until_killed(writer, first):
    """Keep looks that differ, one after another; a byte into the pipe for each that is kept. Never returns."""
    status = 1
    try:
        one = Keeping(recording=True)
        for turn in range(first, first + 100_000):
            seen = look(turn, SSH, *[daemon(10_000 + port, pid=turn) for port in range(turn % 7, 40, 2)])
            if one.keep(seen):
                status = 2  # a trouble, which the test will hear of
                break
            os.write(writer, b".")
    finally:
        os._exit(status)


@pytest.mark.slow
def test_a_history_is_whole_whenever_its_writer_was_killed(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("HB_HISTORY", str(tmp_path / "history.db"))
    told = 0
    for turn in range(8):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            record_until_killed(writer, told + turn * 1000)
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as pipe:
            count = len(pipe.read(1 + turn))  # somewhere in the next look
            os.kill(pid, signal.SIGKILL)
            count += len(pipe.read())
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        told += count
        store = Sqlite(str(tmp_path / "history.db"))
        try:
            store.check(0.0)  # raises for one that is damaged
            assert told <= len(store.looks(HERE)) <= told + turn + 1  # each killed one may have kept a last one
        finally:
            store.close()
    known, troubles = Keeping().ask(HERE)
    assert troubles == ()
    assert SSH.key in known.first_seen

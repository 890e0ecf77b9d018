"""A decision is written once, as it was shown, with a line in the log before it and one after it."""

from __future__ import annotations

import pytest
from tests.app.hub.deciding_kit import Desk

from hb_engine.app.hub.questions.decide import Written


@pytest.fixture
def desk(tmp_path, monkeypatch):
    made = Desk(tmp_path, monkeypatch)
    made.begin()
    return made


def test_what_was_drafted_is_written_and_told(desk):
    draft = desk.draft()
    assert desk.files() == ["hb.toml"]
    written = desk.ask("decide", **desk.confirmed(draft))
    assert isinstance(written, Written)
    assert desk.read("accepted.toml") == 'schema = "hb/1"\n\n' + draft.text
    read = desk.ask("audit")
    print(read)
    undone = desk.ask("undo", number=written.number, user="alice", uid=1000)
    print(undone, desk.ask("audit"))
    assert desk.files() == ["hb.toml"]

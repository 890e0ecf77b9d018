"""hb update: where it writes and what it asks; the fetching itself is tests/registry/test_update.py."""

from __future__ import annotations

import pytest

from hb_engine.app import folders, update
from hb_engine.model.errors import DataError
from hb_engine.registry import update as registry
from hb_engine.registry.update import UpdateResult


def test_it_writes_into_the_persons_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HB_IANA", "http://127.0.0.1:9/x.csv")
    monkeypatch.setenv("HB_MAIL", "me@example.org")
    asked: dict[str, object] = {}

    def fake(folder, **more):
        asked.update(more, folder=folder)
        return UpdateResult("unchanged", "2026-09-17", 1, folder, 0.0)

    monkeypatch.setattr(registry, "update", fake)
    assert update.update().state == "unchanged"
    assert asked["folder"] == str(tmp_path / "hb-engine")
    assert (asked["url"], asked["mail"]) == ("http://127.0.0.1:9/x.csv", "me@example.org")


def test_without_a_home_there_is_no_place_for_it(monkeypatch):
    monkeypatch.setattr(folders, "data", lambda: None)
    with pytest.raises(DataError) as raised:
        update.update()
    assert "XDG_DATA_HOME" in raised.value.remedy

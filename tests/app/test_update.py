"""The recipe of hb update hands over what the person set; registry/update.py, tested beside it, does the work."""

from __future__ import annotations

import pytest

from hb_engine.app import update as app
from hb_engine.model.errors import DataError
from hb_engine.registry import update as registry

ANSWER = registry.UpdateResult("recent", "2026-11-20", 14_323, "/x/assignments.tsv", 1.0)


@pytest.fixture
def asked(monkeypatch):
    """What the registry's update was called with."""
    calls: list[tuple[str, dict[str, object]]] = []

    def update(folder, **options):
        calls.append((folder, options))
        return ANSWER

    monkeypatch.setattr(registry, "update", update)
    for name in ("HB_IANA", "HB_MAIL"):
        monkeypatch.delenv(name, raising=False)
    return calls


def test_iana_is_asked_for_this_users_folder(asked, tmp_path):
    assert app.update() == ANSWER
    assert asked == [(str(tmp_path / "data/hb-engine"), {"url": registry.IANA, "mail": "", "progress": None})]


def test_a_mirror_and_a_mail_address_can_be_set(asked, monkeypatch):
    monkeypatch.setenv("HB_IANA", "http://127.0.0.1:9/")
    monkeypatch.setenv("HB_MAIL", "someone@example.org")
    progress = lambda _done, _whole: None  # noqa: E731 - compared, never called
    app.update(progress)
    assert asked[0][1] == {"url": "http://127.0.0.1:9/", "mail": "someone@example.org", "progress": progress}


def test_without_a_folder_nothing_is_fetched(asked, monkeypatch):
    monkeypatch.setattr("hb_engine.app.folders.data", lambda: None)
    with pytest.raises(DataError) as raised:
        app.update()
    assert "XDG_DATA_HOME" in raised.value.remedy
    assert asked == []

"""One clock zone for all, and app as the faces see it: fakes that answer from the kit."""

from __future__ import annotations

import sys
import time
from types import ModuleType

import pytest
from tests.faces import kit


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    """Times of day in UTC, and the machine's own zone back afterwards."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def app(monkeypatch):
    """The app that verbs import; tests replace its functions: app.look = lambda **_: kit.QUIET."""
    fake = kit.App()
    for name in ("looking.look", "looking.again", "looking.port", "looking.why", "update"):
        module = ModuleType(f"hb_engine.app.{name}")
        for function in ("look", "again", "page", "pressure", "why", "update"):
            setattr(module, function, fake.through(function))
        monkeypatch.setitem(sys.modules, f"hb_engine.app.{name}", module)
    _no_history(monkeypatch)
    return fake


def _no_history(monkeypatch):
    """A machine of which no look was ever kept, and of which that was said already."""
    import hb_engine.app.remembering

    module = ModuleType("hb_engine.app.remembering.history")
    vars(module).update(news=lambda *_: None, hint=lambda: False)
    monkeypatch.setitem(sys.modules, "hb_engine.app.remembering.history", module)
    monkeypatch.setattr(hb_engine.app.remembering, "history", module, raising=False)

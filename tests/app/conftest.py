"""No test of app reads a person's own data, or this machine, unless it says so."""

from __future__ import annotations

import pytest
from tests.app import kit


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path):
    for name in ("DATA", "CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def machine(monkeypatch):
    """A machine with ssh, a name server and a ping socket, in the place of this one."""
    made = kit.Machine(kit.inventory(kit.SSH, kit.DNS, kit.DNS_UDP, kit.RAW))
    for name in ("look", "port"):
        monkeypatch.setattr(f"hb_engine.app.looking.{name}.collect", made.collect)
    return made

"""Where hb keeps things: the variables, the home, and never somebody else's."""

from __future__ import annotations

import os

import pytest

from hb_engine.app import folders


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)


def test_the_variables_come_first(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folders.data() == str(tmp_path / "data" / "hb-engine")
    assert folders.cache() == str(tmp_path / "cache" / "hb-engine")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert folders.config() == str(tmp_path / "config" / "hb-engine")
    assert folders.state() == str(tmp_path / "state" / "hb-engine")


def test_then_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folders.data() == str(tmp_path / ".local/share/hb-engine")
    assert folders.cache() == str(tmp_path / ".cache/hb-engine")
    assert folders.config() == str(tmp_path / ".config/hb-engine")


def test_roots_records_lie_with_the_machines_logs_and_a_persons_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    mine = str(tmp_path / ".local/state/hb-engine")
    assert folders.state() == ("/var/log/hb-engine" if os.geteuid() == 0 else mine)
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(tmp_path).st_uid or 1)
    monkeypatch.setattr(folders, "_ours", lambda _: True)
    assert folders.state() == mine
    assert folders.system() == "/etc/hb-engine"


def test_a_relative_variable_is_no_place(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    assert folders.data() == str(tmp_path / ".local/share/hb-engine")


@pytest.mark.root
def test_a_home_of_somebody_else_is_left_alone(monkeypatch, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("needs root: it gives a folder away")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    monkeypatch.setenv("HOME", str(theirs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(theirs / "cache"))
    assert not str(folders.data()).startswith(str(theirs))
    assert not str(folders.cache()).startswith(str(theirs))

"""Where hb keeps what is its own: the person's choice, else the home of whoever hb runs as, never somebody else's."""

from __future__ import annotations

import os
import pwd

import pytest

from hb_engine.app import folders

KINDS = [(folders.data, "XDG_DATA_HOME", ".local/share"), (folders.cache, "XDG_CACHE_HOME", ".cache")]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A home of this user, and no other choice."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("folder", "variable", "beneath"), KINDS)
def test_in_the_home_by_default(folder, variable, beneath, home):
    assert folder() == str(home / beneath / "hb-engine")


@pytest.mark.parametrize(("folder", "variable", "beneath"), KINDS)
def test_where_the_person_says(folder, variable, beneath, home, monkeypatch):
    monkeypatch.setenv(variable, str(home / "mine"))
    assert folder() == str(home / "mine" / "hb-engine")


@pytest.mark.parametrize("chosen", ["", "relative/path", "."])
def test_what_is_no_absolute_path_is_passed_over(chosen, home, monkeypatch):
    """As the XDG Base Directory Specification asks."""
    monkeypatch.setenv("XDG_CACHE_HOME", chosen)
    assert folders.cache() == str(home / ".cache" / "hb-engine")


def test_nothing_is_made(home):
    folders.data()
    folders.cache()
    assert list(home.iterdir()) == []


def test_under_sudo_the_home_of_another_is_left_alone(home, monkeypatch):
    other = os.geteuid() + 1
    user = pwd.struct_passwd(("someone", "x", other, other, "", "/home/someone", "/bin/sh"))
    monkeypatch.setattr(os, "geteuid", lambda: other)
    monkeypatch.setattr(pwd, "getpwuid", {other: user}.__getitem__)
    assert folders.data() == "/home/someone/.local/share/hb-engine"


def test_under_sudo_a_choice_of_another_is_left_alone_too(home, monkeypatch):
    other = os.geteuid() + 1
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "not yet made"))
    monkeypatch.setattr(os, "geteuid", lambda: other)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert folders.cache() is None


def test_a_user_without_a_home_has_none(monkeypatch):
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert folders.data() is None
    assert folders.cache() is None

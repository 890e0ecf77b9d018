"""What only a story needs: digests of what runs."""

from __future__ import annotations

import hashlib
import os

import pytest

from hb_engine.inventory.linux import evidence, units, users
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner


def opening(*owners):
    return Opening("listener", "tcp", 1, ("::",), ("ipv6",), "public", Netns(1), owners=owners)


def test_the_digest_is_of_what_runs():
    found = evidence.of(opening(Owner(os.getpid(), "x", "/somewhere/else")))
    with open("/proc/self/exe", "rb") as file:
        assert found["sha256"] == hashlib.sha256(file.read()).hexdigest()
    assert found["size"].endswith(("bytes", "KiB", "MiB"))


def test_what_cannot_be_read_is_left_out(monkeypatch):
    assert evidence.of(opening()) == {}
    assert evidence.of(opening(Owner(2**22 + 1))) == {}


def test_a_giant_is_named_by_its_size_alone(monkeypatch):
    monkeypatch.setattr(evidence, "LIMIT", 10)
    assert set(evidence.of(opening(Owner(os.getpid())))) == {"size"}


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1023, "1023 bytes"), (2048, "2 KiB"), (1 << 21, "2.0 MiB")]
)
def test_sizes(size, text):
    assert evidence._size(size) == text


def test_the_file_of_a_unit(monkeypatch):
    monkeypatch.setattr(units.Units, "find", lambda _self, name: f"/etc/systemd/system/{name}")
    assert evidence._unit("x.service") == {"unit file": "/etc/systemd/system/x.service"}
    assert evidence._unit(None) == {}


def test_a_user_that_is_root_in_a_namespace_of_its_own(monkeypatch):
    monkeypatch.setattr(users, "inside", lambda _pid, _uid: "root in a user namespace of deploy")
    assert evidence._user(Owner(7, uid=100000)) == {"inside": "root in a user namespace of deploy"}
    assert evidence._user(Owner(7)) == {}

"""Looking at this machine: collected, named, judged."""

from __future__ import annotations

import pytest
from tests.kit.sockets import in_namespace, needs_root, tcp

from hb_engine.app import look
from hb_engine.app.own import own_namespace
from hb_engine.model.inventory import Coverage, Host, Inventory
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.owner import Owner


@pytest.fixture(autouse=True)
def folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def seen(*openings):
    return Inventory(Host("here", "Debian"), 1.8e9, Coverage(True, ("packages dpkg",)), openings)


def opening(port, **more):
    fields = {"owners": (Owner(7, "x", "/dev/shm/x", "deleted"),), **more}
    return Opening("listener", "tcp", port, ("0.0.0.0",), ("ipv4",), "public", Netns(1), **fields)


def test_every_rule_that_is_there_is_found_and_loads():
    from hb_engine.judge.kit import load

    names = look.rule_names()
    assert {"deleted_executable", "threat_listed"} <= set(names)
    assert len(load(names)) == len(names)


def test_openings_are_named_and_judged():
    ssh, odd = look.Bench().judged(seen(opening(22), opening(49999))).openings
    assert [entry.name for entry in ssh.registered] == ["ssh"]
    assert odd.registered == ()
    assert odd.verdict is not None
    assert odd.verdict.severity == "critical"


def test_nothing_open_is_an_inventory_too():
    assert look.Bench().judged(seen()).openings == ()


@pytest.mark.root
@pytest.mark.slow
def test_a_listener_is_seen_with_its_verdict():
    needs_root()

    def work():
        with tcp(6001) as one:
            found = [o for o in look.look().openings if o.port == 6001 and o.netns.id == own_namespace()]
            assert len(found) == 1
            assert found[0].verdict is not None
            assert one

    in_namespace(work)

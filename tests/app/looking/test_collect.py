"""The collector for this system, and an honest no elsewhere."""

from __future__ import annotations

import sys

import pytest

from hb_engine.app.looking import collect
from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Coverage, Gap, Host, Inventory
from hb_engine.model.opening import Netns, Opening


def test_this_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = collect.collect()
    assert found.host.name
    assert found.coverage.sources


def test_a_system_without_a_collector_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "sunos5")
    with pytest.raises(CannotLook, match="sunos5"):
        collect.collect()


@pytest.mark.parametrize(("platform", "system"), [("darwin", "darwin"), ("win32", "windows")])
def test_other_systems_by_psutil_and_only_the_ports_that_were_asked(monkeypatch, platform, system):
    from hb_engine.inventory.portable import collect as portable

    asked = []

    def fake(which):
        asked.append(which)
        rows = [Opening("listener", "tcp", p, ("::",), ("ipv6",), "public", Netns(0)) for p in (22, 80)]
        return Inventory(Host("mac", "macOS"), 1.0, Coverage(False), tuple(rows))

    monkeypatch.setattr(portable, "collect", fake)
    monkeypatch.setattr(sys, "platform", platform)
    assert [one.port for one in collect.collect().openings] == [22, 80]
    assert [one.port for one in collect.collect(frozenset((80,))).openings] == [80]
    assert asked == [system, system]


def test_labels_and_what_hid_them_come_along(monkeypatch):
    gap = Gap("the labels of this machine", "refused", "ask")
    monkeypatch.setattr(collect, "labels", lambda: (("web",), (gap,)))
    found = collect.collect(frozenset((1,)))
    assert found.host.labels == ("web",)
    assert gap in found.coverage.gaps

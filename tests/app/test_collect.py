"""Which collector answers on which system; the collectors themselves are tested in tests/inventory."""

from __future__ import annotations

import sys

import pytest
from tests.app import kit

from hb_engine.app import collect as app
from hb_engine.inventory import portable
from hb_engine.model.errors import CannotLook

SEEN = kit.inventory(kit.SSH, kit.DNS, kit.DNS_UDP)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the collector of Linux needs Linux")
def test_linux_is_asked_for_these_ports_with_a_memory(monkeypatch):
    from hb_engine.inventory.linux import collect as linux

    asked = []

    def collect(ports, memo, *, fresh):
        asked.append((ports, memo is not None, fresh))
        return SEEN

    monkeypatch.setattr(linux, "collect", collect)
    assert app.collect(frozenset((22,)), fresh=True) == SEEN
    assert asked == [(frozenset((22,)), True, True)]


@pytest.mark.parametrize(("platform", "system"), [("darwin", "darwin"), ("win32", "windows")])
def test_other_systems_are_asked_through_psutil(platform, system, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(portable, "collect", {system: SEEN}.__getitem__, raising=False)
    assert app.collect() == SEEN


def test_other_systems_are_narrowed_to_the_ports_that_were_asked_for(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(portable, "collect", lambda _: SEEN, raising=False)
    seen = app.collect(frozenset((53,)))
    assert [one.port for one in seen.openings] == [53, 53]
    assert seen.coverage == SEEN.coverage


def test_an_unknown_system_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "plan9")
    monkeypatch.setattr(portable, "collect", lambda _: SEEN, raising=False)
    with pytest.raises(CannotLook, match="plan9"):
        app.collect()

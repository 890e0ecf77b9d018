"""What pages make of a sight is made before it is shown, and nothing that fails holds it up."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading

import pytest
from tests.faces.kit import NOW
from tests.faces.web import kit

from hb_engine.app.hub import wires
from hb_engine.app.hub.sameness import again
from hb_engine.app.hub.sight import Fresh, Sight
from hb_engine.faces.web import ready
from hb_engine.faces.web.machines import rows
from hb_engine.faces.web.map import drawing, overlay
from hb_engine.faces.web.ports import standing
from hb_engine.faces.web.searching import index
from hb_engine.model.record import replace

NEW = replace(kit.SIGHT, number=7)


@pytest.fixture
def collecting():
    """How this process looks for garbage, as it was."""
    was, turn, on = gc.get_threshold(), sys.getswitchinterval(), gc.isenabled()
    yield
    gc.set_threshold(*was)
    sys.setswitchinterval(turn)
    gc.unfreeze()
    (gc.enable if on else gc.disable)()


@pytest.fixture
def hub():
    return kit.site().hub


def never(*_):
    raise AssertionError("it was made while somebody waits")


def test_a_page_of_the_new_sight_makes_nothing(hub, collecting, monkeypatch):
    asyncio.run(ready.make(hub, NEW))
    monkeypatch.setattr(rows, "Rows", never)
    monkeypatch.setattr(standing, "_open_ports", never)
    monkeypatch.setattr(overlay, "make", never)
    monkeypatch.setattr(drawing, "make", never)
    monkeypatch.setattr(index.INDEXES, "_make", never)
    hub.show(NEW)
    assert len(rows.worst_first(hub.sight)) == 2
    assert standing.open_ports(hub.sight)
    assert overlay.overlay_of(hub.sight).marks
    assert drawing.drawing(hub, hub.sight, drawing.Choice()).overlay is overlay.overlay_of(hub.sight)
    assert index.INDEXES.of(hub).groups["machines"].entries


def test_nor_does_one_of_a_look_that_showed_the_same(hub, collecting, monkeypatch):
    asyncio.run(ready.make(hub, NEW))
    for room, name in ((rows, "Rows"), (standing, "_open_ports"), (overlay, "make"), (drawing, "make")):
        monkeypatch.setattr(room, name, never)
    monkeypatch.setattr(index.INDEXES, "_make", never)
    hub.show(again(NEW, NOW + 60))
    assert rows.of(hub.sight)[0].machine.seen.taken_at == NOW + 60
    assert standing.open_ports(hub.sight)
    assert drawing.drawing(hub, hub.sight, drawing.Choice())
    assert index.INDEXES.of(hub).groups


def test_it_is_not_shown_before(hub, collecting):
    asyncio.run(ready.make(hub, NEW, (lambda hub, _: hub.sight.number == 1 or never(),)))
    assert hub.sight is kit.SIGHT


def test_it_is_made_beside_the_loop_and_without_looking_for_garbage(hub, collecting):
    gc.enable()
    told = []

    def part(_, sight):
        told.append((threading.current_thread() is threading.main_thread(), gc.isenabled(), sight.number))

    asyncio.run(ready.make(hub, NEW, (part,)))
    assert told == [(False, False, 7)]
    assert gc.isenabled()


def test_where_nobody_looks_for_garbage_nobody_does_afterwards(hub, collecting):
    gc.disable()
    asyncio.run(ready.make(hub, NEW, ()))
    assert not gc.isenabled()


def test_a_fault_in_one_part_holds_up_no_other(hub, collecting):
    made = []
    asyncio.run(ready.make(hub, NEW, (lambda *_: 1 // 0, lambda *_: made.append(1))))
    assert made == [1]


def test_every_part_can_be_made_of_nothing_at_all(hub, collecting):
    for sight in (Sight(1, NOW), Sight(2, NOW, (replace(kit.MACHINE, report=None),)), kit.SIGHT):
        for part in ready.PARTS:
            part(hub, sight)


@pytest.mark.parametrize("least", [0, ready.LARGE])
def test_what_a_looker_sends_is_unpacked_small_or_large(collecting, monkeypatch, least):
    monkeypatch.setattr(ready, "LARGE", least)
    assert asyncio.run(ready.unpacked(wires.dumped(kit.SIGHT))) == kit.SIGHT
    assert asyncio.run(ready.unpacked(wires.dumped(Fresh(1, NOW)))) == Fresh(1, NOW)


def test_what_is_loaded_is_not_looked_through_again(collecting):
    ready.settle()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == ready.YOUNG
    assert sys.getswitchinterval() == pytest.approx(ready.TURN)

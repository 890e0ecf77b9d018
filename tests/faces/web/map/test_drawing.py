"""The map ready to be drawn: marks, names and cells for a view, made once; and what it may weigh."""

from __future__ import annotations

import pytest
from tests.faces.kit import HOST, LOOK, NOW, opening
from tests.faces.web import kit

from hb_engine.app.hub.sight import NOTHING, Machine, Sight
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.language import language
from hb_engine.faces.web.map import drawing
from hb_engine.faces.web.map.base import THEMES
from hb_engine.faces.web.map.drawing import CALM, SHOWN, Choice
from hb_engine.faces.web.map.hilbert import CELLS, SIDE
from hb_engine.faces.web.map.overlay import DRAWN, KEPT, SHELF
from hb_engine.faces.web.map.view import UNIT, view_of
from hb_engine.faces.web.page import Ask
from hb_engine.model.inventory import Inventory
from hb_engine.model.record import replace


async def nobody(question, **words):
    """Nobody answers: a map asks nothing."""
    raise AssertionError(question)


def hub(sight=kit.SIGHT):
    made = Hub(kit.REGISTRY, kit.THREATS, nobody, clock=lambda: NOW)
    made.show(sight)
    return made


def ask(sight=kit.SIGHT):
    return Ask(hub(sight), language("en"), kit.READER, path="/", params={}, query={}, form={}, now=NOW)


def drawn(choice=None, view=None, sight=kit.SIGHT):
    return drawing.drawing(hub(sight), sight, choice or Choice(), view)


def crowd(count):
    ports = [1 + (number * 40503) % 65535 for number in range(count)]  # spread as a golden ratio spreads
    seen = Inventory(HOST, NOW, LOOK.coverage, tuple([opening(port) for port in ports]))
    return Sight(1, NOW, (Machine("web-17", seen),))


def test_the_whole_map():
    map_ = drawn()
    assert map_.box == "-600 -600 26800 26800"
    assert {one.port for one in map_.marks} >= {22, 443, 1703, 6379}
    assert map_.cells == ()
    assert map_.rest == 0
    assert [one.kind for one in map_.regions] == ["system", "user", "dynamic"]
    assert {one.port for one in map_.wide} >= {22, 1703}
    assert map_.named(1703) == "hb-engine"


def test_it_is_made_once_for_a_sight_and_a_view():
    one = hub()
    first = drawing.drawing(one, kit.SIGHT, Choice())
    assert drawing.drawing(one, kit.SIGHT, Choice()) is first
    assert drawing.drawing(one, kit.SIGHT, Choice(), view_of(1703, 4)) is not first
    assert drawing.drawing(one, replace(kit.SIGHT, number=2), Choice()) is not first


def test_not_more_are_kept_than_there_is_room_for():
    one = hub()
    for port in range(3 * KEPT):
        drawing.drawing(one, kit.SIGHT, Choice(), view_of(port, 32))
    known: dict[object, object] = SHELF.of(kit.SIGHT, "drawings", lambda _: {})
    assert 0 < len(known) <= KEPT


@pytest.mark.parametrize("zoom", [16, 32])
def test_from_near_cells_have_their_numbers(zoom):
    map_ = drawn(view=view_of(1703, zoom))
    near = {one.port: one for one in map_.cells}
    assert near[1703].name.startswith("hb-eng")
    assert (near[1703].x, near[1703].y) == tuple(part * UNIT for part in CELLS[1703])
    assert {*near} == {*map_.view.ports}
    assert map_.wide == map_.narrow == ()
    assert map_.grid.count("M") == 2 + (map_.view.cells[2] - map_.view.cells[0]) + (
        map_.view.cells[3] - map_.view.cells[1]
    )


def test_marks_out_of_view_are_there_for_whoever_moves_it():
    assert {one.port for one in drawn(view=view_of(60000, 32)).marks} == {one.port for one in drawn().marks}


def test_marks_are_as_large_on_the_screen_whatever_the_zoom():
    whole, near = drawn(), drawn(view=view_of(1703, 8))
    assert near.scale * 8 == pytest.approx(whole.scale, abs=8)


def test_where_many_are_calm_they_are_drawn_smaller():
    assert drawn().calm == drawn().scale
    map_ = drawn(sight=crowd(100))
    assert map_.calm < map_.scale


@pytest.mark.parametrize("shown", [("open",), ("drift",), ("registered",), ()])
def test_only_what_was_asked_for_is_shown(shown):
    map_ = drawn(Choice(shown=shown))
    calm = {one.state in CALM for one in map_.marks}
    assert calm == {state for state, name in ((True, "open"), (False, "drift")) if name in shown}
    assert bool(map_.landmarks) == ("registered" in shown)
    assert map_.blocks == ()
    assert map_.overlay.counts == drawn().overlay.counts  # what is hidden is counted all the same


def test_both_themes_come_along():
    assert [one.theme for one in drawn().pictures] == [*THEMES]
    assert {one.open for one in drawn().pictures} == {""}
    names = [one.href.rpartition("/")[2] for one in drawn(Choice(transport="udp", shown=("threats",))).pictures]
    assert names == ["dark-udp-threats.png", "light-udp-threats.png"]


def test_a_crowd_has_a_layer_where_all_of_it_is_asked_for():
    sight = crowd(300)
    map_ = drawn(sight=sight)
    assert map_.rest == 300 - DRAWN
    assert all(one.open.startswith(f"/map/open/{map_.overlay.digest}/{one.theme}.png") for one in map_.pictures)
    assert map_.rest_address.endswith("/cells.json")
    assert {one.open for one in drawn(Choice(shown=("drift",)), sight=sight).pictures} == {""}


def test_the_layer_of_one_machine_is_of_that_machine():
    sight = replace(crowd(300), machines=(*crowd(300).machines, kit.OTHER))
    asked = Choice(machine="web-17", transport="tcp")
    assert drawn(asked, sight=sight).rest_address.endswith("/cells.json?machine=web-17&transport=tcp")
    strange = Choice(machine="a/b\x00")
    assert "/b" not in strange.segment
    assert strange.segment.startswith("~")


def test_machines_are_named_where_there_are_several():
    assert drawn().many
    assert not drawn(Choice(machine=kit.MACHINE.name)).many


def test_nothing_has_been_seen():
    map_ = drawn(sight=NOTHING)
    assert map_.marks == ()
    assert {one.kind for one in map_.wide} == {"landmark"}


def test_the_map_of_the_first_page_is_the_whole():
    assert drawing.hero(ask()).view == view_of(None, 1)
    assert drawing.hero(ask()).marks == drawn().marks


@pytest.mark.parametrize(("port", "state"), [(1703, "alarm"), (22, "look"), (60001, "")])
def test_a_small_map_marks_one_port_and_says_how_it_is(port, state):
    small = drawing.mini(ask(), port)
    x, y = CELLS[port]
    assert (small.x, small.y, small.side) == (x * UNIT + 50, y * UNIT + 50, SIDE * UNIT)
    assert small.state == state
    assert len(small.pictures) == len(THEMES)


def test_everything_is_shown_unless_somebody_chose():
    assert Choice().shown == SHOWN
    assert Choice().layers == ("registered", "threats")
    assert Choice(shown=("open", "threats")).layers == ("threats",)


def test_what_everybody_is_shown_is_written_once():
    map_, written = drawn(sight=crowd(3)), []

    def write():
        written.append("x")
        return f"text {len(written)}"

    assert map_.once("map en", write) == "text 1"
    assert map_.once("map en", write) == "text 1"
    assert map_.once("map ro", write) == "text 2"
    assert drawn(sight=crowd(3)).once("map en", write) == "text 3"  # another sight

"""Views: around a port, never beyond the edge, and moved by halves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.map.hilbert import CELLS, PORTS, SIDE
from hb_engine.faces.web.map.view import ACROSS, PAD, UNIT, ZOOMS, moved, port_of, view_of, zoom_of

ports, zooms = st.integers(0, PORTS - 1), st.sampled_from(ZOOMS)


def test_the_whole_map_has_a_brim():
    whole = view_of(None, 1)
    assert (whole.x, whole.y, whole.width) == (-PAD, -PAD, ACROSS)
    assert whole.box == f"{-PAD * UNIT} {-PAD * UNIT} {ACROSS * UNIT} {ACROSS * UNIT}"
    assert len(whole.ports) == PORTS


@given(ports, zooms)
def test_a_view_holds_its_port_and_nothing_beyond_the_brim(port, zoom):
    view = view_of(port, zoom)
    x, y = CELLS[port]
    assert view.x <= x
    assert x + 1 <= view.x + view.width
    assert view.y <= y
    assert y + 1 <= view.y + view.width
    assert view.holds(x, y)
    brim = PAD / zoom
    for start in (view.x, view.y):
        assert -brim <= start
        assert start + view.width <= SIDE + brim + 1e-9
    assert view.centre == port


@pytest.mark.slow
@given(ports, zooms)
def test_the_ports_of_a_view_are_those_whose_cells_it_holds(port, zoom):
    view = view_of(port, zoom)
    found = view.ports
    assert port in found
    assert len(found) == len(set(found))
    if zoom >= 8:
        assert {*found} == {other for other, cell in enumerate(CELLS) if view.holds(*cell)}


@given(ports, zooms, st.sampled_from([(-1, 0), (1, 0), (0, -1), (0, 1)]))
def test_a_move_goes_the_way_it_says_or_stays(port, zoom, way):
    before = view_of(port, zoom)
    after = moved(before, *way)
    assert after.zoom == zoom
    assert (after.x - before.x) * way[0] >= 0
    assert (after.y - before.y) * way[1] >= 0
    assert abs(after.x - before.x) <= before.width / 2 + 1


def test_four_moves_lead_around_in_the_middle():
    start = view_of(32768 + 5000, 16)
    there = moved(moved(start, 1, 0), 0, 1)
    back = moved(moved(there, -1, 0), 0, -1)
    assert abs(back.x - start.x) <= 2
    assert abs(back.y - start.y) <= 2


@pytest.mark.parametrize(
    ("text", "zoom"),
    [("", 1), ("1", 1), ("0", 1), ("3", 2), ("16", 16), ("31", 16), ("99999", 32), ("-4", 1), ("x", 1), ("9" * 99, 1)],
)
def test_zooms_that_there_are(text, zoom):
    assert zoom_of(text) == zoom


@pytest.mark.parametrize(
    ("text", "port"),
    [("0", 0), (" 1703 ", 1703), ("65535", 65535), ("65536", None), ("", None), ("-1", None), ("1e3", None),
     ("٣", None), ("9" * 40, None), ("ssh", None)],
)  # fmt: skip
def test_ports_that_there_are(text, port):
    assert port_of(text) == port


@given(st.text(max_size=12))
def test_any_text_is_a_port_or_none(text):
    found = port_of(text)
    assert found is None or 0 <= found < PORTS
    assert zoom_of(text) in ZOOMS

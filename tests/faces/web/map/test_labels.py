"""Names on the map: none on another, none on a mark, none over the edge, and the important ones first."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces.web import kit

from hb_engine.faces.web.map import labels
from hb_engine.faces.web.map.hilbert import CELLS, PORTS, SIDE
from hb_engine.faces.web.map.labels import LANDMARK, LANDMARKS, NARROW, OFF, WIDE, Sheet, Wanted, text_of
from hb_engine.faces.web.map.view import UNIT, ZOOMS, view_of

ports = st.integers(0, PORTS - 1)
WHOLE = view_of(None, 1)


def box(label, size):
    """The room that a label takes: its letters at their widest, and its line's height."""
    wide, high = len(label.text) * size * labels.LETTER, size * labels.LINE
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    middle = label.y - size * labels.BASELINE
    return left, middle - high / 2, left + wide, middle + high / 2


def meet(one, two, slack=2.0):
    return one[0] + slack < two[2] and two[0] + slack < one[2] and one[1] + slack < two[3] and two[1] + slack < one[3]


def around(port, radius):
    x, y = [(part + 0.5) * UNIT for part in CELLS[port]]
    return x - radius * UNIT, y - radius * UNIT, x + radius * UNIT, y + radius * UNIT


@settings(max_examples=60, deadline=None)
@given(st.lists(ports, max_size=60, unique=True), st.sampled_from([WIDE, NARROW]), st.sampled_from(ZOOMS[:4]), ports)
def test_no_name_lies_on_another_or_on_a_mark(opened, width, zoom, at):
    view = view_of(at, zoom)
    radius = 2.0 * view.width / SIDE
    sheet = Sheet(view, width, [(port, radius) for port in opened])
    wanted = [Wanted(port, text_of(kit.REGISTRY, port), "open", radius, len(OFF)) for port in opened]
    found = sheet.place([*wanted, *[Wanted(port, f"{port} x", LANDMARK) for port in LANDMARKS if port not in opened]])
    boxes = [box(one, sheet.size) for one in found]
    assert not [pair for pair in itertools.combinations(boxes, 2) if meet(*pair)]
    marks = [around(port, radius) for port in opened]
    assert not [(one, other) for one in boxes for other in marks if meet(one, other)]
    brim = labels.BRIM[width]
    for one in boxes:
        assert one[0] >= -brim * UNIT - 2
        assert one[1] >= -brim * UNIT - 2
        assert one[2] <= (SIDE + brim) * UNIT + 2
        assert one[3] <= (SIDE + brim) * UNIT + 2
    assert all(view.holds(*CELLS[one.port]) for one in found)


def test_who_comes_first_has_the_place():
    crowd = [Wanted(port, f"{port} name", "alarm", 2.0) for port in (1703, 1702, 1704, 1701)]
    first, *others = Sheet(WHOLE, WIDE, [(1703, 2.0)]).place(crowd)
    assert (first.port, first.anchor, first.line) == (1703, "start", None)
    assert 1703 not in {one.port for one in others}


def test_what_finds_no_place_beside_its_mark_stands_off_with_a_line_if_it_may():
    marks = [(port, 3.0) for port in range(1690, 1720)]
    near = Sheet(WHOLE, WIDE, marks).place([Wanted(1703, "1703 hb-engine", "alarm", 2.0, 1)])
    far = Sheet(WHOLE, WIDE, marks).place([Wanted(1703, "1703 hb-engine", "alarm", 2.0, len(OFF))])
    assert near == ()
    (label,) = far
    x, y = CELLS[1703]
    assert label.line is not None
    assert label.line[:2] == (x * UNIT + UNIT // 2, y * UNIT + UNIT // 2)


def test_what_is_out_of_view_has_no_name():
    view = view_of(60000, 8)
    assert Sheet(view, WIDE, []).place([Wanted(22, "22 ssh", "open")]) == ()
    assert Sheet(view, WIDE, []).place([Wanted(60000, "60000", "open")]) != ()


def test_letters_are_as_large_on_the_screen_whatever_the_zoom():
    sizes = [Sheet(view_of(22, zoom), WIDE, []).size * zoom for zoom in ZOOMS]
    assert max(sizes) - min(sizes) < 1e-6
    assert Sheet(WHOLE, NARROW, []).size > Sheet(WHOLE, WIDE, []).size


def test_a_reserved_place_is_left_alone():
    sheet = Sheet(WHOLE, WIDE, [])
    x, y = [(part + 0.5) * UNIT for part in CELLS[42500]]
    assert sheet.reserve("BPFDoor", x, y, 3200)
    assert not sheet.reserve("BPFDoor", x, y, 3200)  # it is taken
    assert not sheet.reserve("BPFDoor", x, 5000, 100)  # it is too wide for its block
    (label,) = sheet.place([Wanted(42500, "42500", "alarm", 1.0, len(OFF))])
    wide, high = 7 * sheet.size * labels.LETTER, sheet.size * labels.LINE
    assert not meet(box(label, sheet.size), (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))


@pytest.mark.parametrize(
    ("port", "text"), [(22, "22 ssh"), (1703, "1703 hb-engine"), (60001, "60001"), (53, "53 domain")]
)
def test_a_port_with_its_name(port, text):
    assert text_of(kit.REGISTRY, port) == text


def test_long_names_are_cut_and_say_so():
    assert labels.cut("a" * 30, 10) == "a" * 9 + "…"
    assert labels.cut("a" * 10, 10) == "a" * 10
    longest = max((text_of(kit.REGISTRY, port) for port in range(0, 49152, 11)), key=len)
    assert len(longest) <= labels.LONGEST


def test_landmarks_are_ports_each_once():
    assert len(LANDMARKS) == len(set(LANDMARKS))
    assert all(0 <= port < PORTS for port in LANDMARKS)
    assert {22, 80, 443, 1703} <= {*LANDMARKS}

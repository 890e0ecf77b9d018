"""The curve: every port has one cell, neighbours in number touch, and regions are where a person is told they are."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.map.hilbert import CELLS, PORTS, REGIONS, ROWS, SIDE, laid_out, outline, path, port_at

ports = st.integers(0, PORTS - 1)


def test_every_port_has_a_cell_of_its_own():
    assert len(CELLS) == PORTS == SIDE * SIDE == 65536
    assert len(set(CELLS)) == PORTS
    assert {min(x for x, _ in CELLS), min(y for _, y in CELLS)} == {0}
    assert {max(x for x, _ in CELLS), max(y for _, y in CELLS)} == {SIDE - 1}


def test_neighbours_in_number_are_neighbours_in_the_picture():
    steps = {abs(x - a) + abs(y - b) for (x, y), (a, b) in itertools.pairwise(CELLS)}
    assert steps == {1}


@given(ports)
def test_there_and_back(port):
    assert port_at(*CELLS[port]) == port
    assert ROWS[CELLS[port][1] * SIDE + CELLS[port][0]] == port


@given(ports, st.integers(1, 2000))
def test_what_is_near_in_number_is_near_in_the_picture(port, by):
    """The curve's bound: a run of n cells fits into a square of about sqrt(6 n) (Niedermeier et al. 2002)."""
    other = min(port + by, PORTS - 1)
    (x, y), (a, b) = CELLS[port], CELLS[other]
    assert (x - a) ** 2 + (y - b) ** 2 <= 6 * max(other - port, 1)


@pytest.mark.parametrize(
    ("port", "cell"), [(0, (0, 0)), (22, (7, 1)), (1703, (29, 62)), (49152, (255, 127)), (65535, (255, 0))]
)
def test_where_ports_are(port, cell):
    """By the classic conversion of a distance, done by hand for these."""
    assert CELLS[port] == cell


def classic(distance: int) -> tuple[int, int]:
    """The conversion as it is usually written: bit by bit, from the smallest square up."""
    x = y = 0
    size = 1
    while size < SIDE:
        right = 1 & (distance // 2)
        down = 1 & (distance ^ right)
        if not down:
            if right:
                x, y = size - 1 - x, size - 1 - y
            x, y = y, x
        x, y = x + size * right, y + size * down
        distance //= 4
        size *= 2
    return x, y


@given(ports)
def test_it_is_the_same_curve_as_everybody_draws(port):
    assert CELLS[port] == classic(port)


def test_the_dynamic_ports_are_exactly_the_upper_right_quarter():
    quarter = {(x, y) for x in range(128, 256) for y in range(128)}
    assert {CELLS[port] for port in range(49152, 65536)} == quarter


def test_the_system_ports_are_the_old_town_at_the_upper_left():
    assert {CELLS[port] for port in range(1024)} == {(x, y) for x in range(32) for y in range(32)}


def test_regions_cover_every_port_once():
    assert [port for first, last in REGIONS for port in range(first, last + 1)] == list(range(PORTS))


def test_values_by_port_are_laid_out_by_cell():
    laid = laid_out(bytes([port % 251 for port in range(PORTS)]))
    assert len(laid) == PORTS
    for port in (0, 22, 1703, 49151, 65535):
        x, y = CELLS[port]
        assert laid[y * SIDE + x] == port % 251


# -- outlines


def area(lines) -> float:
    """By the shoelace formula; holes count against it, since they go round the other way."""
    total = 0
    for line in lines:
        for (x, y), (a, b) in zip(line, line[1:] + line[:1], strict=True):
            total += x * b - a * y
    return abs(total) / 2


def test_the_outlines_of_squares_have_four_corners():
    assert {*outline(0, 1023)[0]} == {(0, 0), (32, 0), (32, 32), (0, 32)}
    assert {*outline(49152, 65535)[0]} == {(128, 0), (256, 0), (256, 128), (128, 128)}
    assert [len(outline(0, 1023)), len(outline(0, 1023)[0])] == [1, 4]


def test_one_port_has_the_outline_of_its_cell():
    assert {*outline(1703, 1703)[0]} == {(29, 62), (30, 62), (30, 63), (29, 63)}


@given(ports, st.integers(0, 3000))
def test_an_outline_goes_around_as_many_cells_as_there_are_ports(first, many):
    last = min(first + many, PORTS - 1)
    lines = outline(first, last)
    assert area(lines) == last - first + 1
    for line in lines:
        for (x, y), (a, b) in zip(line, line[1:] + line[:1], strict=True):
            assert (x == a) != (y == b)  # along one axis, and never nowhere


@given(ports, st.integers(0, 3000))
def test_corners_are_corners(first, many):
    for line in outline(first, min(first + many, PORTS - 1)):
        for one, two, three in zip(line, line[1:] + line[:1], line[2:] + line[:2], strict=True):
            assert not one[0] == two[0] == three[0]
            assert not one[1] == two[1] == three[1]


def test_a_path_closes_each_line():
    assert path([[(0, 0), (1, 0), (1, 1)], [(2, 2), (3, 2), (3, 3)]], 100) == (
        "M0 0L100 0L100 100ZM200 200L300 200L300 300Z"
    )

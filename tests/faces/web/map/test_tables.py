"""The map as tables: every opening is on one of the pages, and the stretches count every port once."""

from __future__ import annotations

import pytest
from tests.faces.web import kit
from tests.faces.web.map.test_drawing import ask, crowd, drawn

from hb_engine.faces.web.machines.who import who
from hb_engine.faces.web.map import tables
from hb_engine.faces.web.map.base import TRANSPORTS, base_of
from hb_engine.faces.web.map.hilbert import PORTS
from hb_engine.faces.web.map.tables import ROWS, ranges, table
from hb_engine.model.record import replace

BASE = base_of(kit.REGISTRY, kit.THREATS)


def test_every_opening_is_a_row_with_its_state_and_who_holds_it():
    made = table(ask(), drawn(), "", {})
    rows = [(one.entry.machine, one.entry.port, one.entry.transport) for one in made.rows]
    for machine in kit.SIGHT.machines:
        for each in machine.seen.openings:
            if each.port is not None:
                assert (machine.name, each.port, each.transport) in rows
    assert made.pages == 1
    first = made.rows[0]
    assert (first.entry.port, first.entry.state, first.name) == (1703, "alarm", "hb-engine")
    assert first.address.startswith("/machines/web-17/openings/")


def test_what_is_missing_leads_nowhere():
    (row,) = [one for one in table(ask(), drawn(), "", {}).rows if one.entry.state == "gone"]
    assert (row.entry.port, row.address, row.who) == (443, "", "")


def test_a_long_list_is_paged_and_nothing_is_lost():
    map_ = drawn(sight=crowd(3 * ROWS + 1))
    pages = [table(ask(), map_, str(page), {"transport": "tcp"}) for page in range(1, 5)]
    assert {one.pages for one in pages} == {4}
    assert [len(one.rows) for one in pages] == [ROWS, ROWS, ROWS, 1]
    assert len({row.entry.port for one in pages for row in one.rows}) == 3 * ROWS + 1
    assert {one.address for one in pages} == {"/map?transport=tcp"}


@pytest.mark.parametrize(
    ("page", "number"), [("", 1), ("0", 1), ("-1", 1), ("x", 1), ("99999", 2), ("9" * 40, 1), ("٢", 1)]
)
def test_any_page_is_one_that_there_is(page, number):
    assert table(ask(), drawn(sight=crowd(ROWS + 1)), page, {}).page == number


def test_nothing_is_a_page_without_rows():
    made = table(ask(), drawn(sight=replace(kit.SIGHT, machines=())), "", {})
    assert (made.rows, made.page, made.pages, made.count) == ((), 1, 1, 0)


def test_who_holds_it_is_said_as_everywhere():
    shown = table(ask(), drawn(), "", {})
    assert shown.rows
    for row in shown.rows:
        assert row.who == (who(ask().language, row.entry.opening) if row.entry.opening else "")


def test_stretches_cover_every_port_once():
    numbers = [port for first, last in tables.STRETCHES for port in range(first, last + 1)]
    assert numbers == list(range(PORTS))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_stretches_add_up_to_what_the_legend_counts(transport):
    made, counts = ranges(BASE, transport), BASE.counts(transport)
    assert sum(one.both for one in made) == counts.both
    assert sum(one.one for one in made) == counts.one
    assert sum(one.threats for one in made) == counts.threats
    assert all(one.both + one.one <= one.last - one.first + 1 for one in made)
    assert ranges(BASE, transport) is made


def test_nothing_is_registered_in_the_dynamic_range():
    assert all(one.both == one.one == 0 for one in ranges(BASE, "all") if one.first >= 49152)

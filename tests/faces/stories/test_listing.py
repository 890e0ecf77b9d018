"""The table: one opening a line, every cell filled where programs read it."""

from __future__ import annotations

import pytest
from tests.faces import kit
from tests.faces.kit import LOOK, NOW, golden, said

from hb_engine.faces.document import Document
from hb_engine.faces.stories import listing
from hb_engine.faces.stories.order import in_order
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.record import replace

ALL = in_order(LOOK.openings, "port")


@pytest.mark.parametrize("width", [None, 60, 80, 120, 160])
def test_the_table(width):
    golden(f"listing-{width or 'plain'}.txt", said(listing.tell(ALL, NOW), width))


def test_the_wide_table():
    golden("listing-wide.txt", said(listing.tell(ALL, NOW, wide=True)))


def test_no_cell_is_empty_for_programs():
    rows = said(listing.tell(ALL, NOW, wide=True)).rstrip("\n").split("\n")
    fields = [[cell for cell in row.split("  ") if cell] for row in rows]
    assert {len(cells) for cells in fields} == {len(fields[0])}


def test_the_namespace_has_a_column_only_where_there_are_several():
    assert "netns" in said(listing.tell(ALL, NOW))
    assert "netns" not in said(listing.tell([kit.SSH], NOW))


def test_what_has_no_port_shows_its_protocol():
    raw = replace(kit.TAP, transport="raw", protocol="icmp", interface="")
    assert "icmp" in said(listing.tell([raw], NOW))


def test_nothing_is_an_empty_document():
    assert listing.tell([], NOW) == Document(())


def footer(shown, matching, looked, coverage=kit.ROOT):
    told = listing.footer(shown, matching, looked, coverage)
    return None if told is None else said(told)


def test_the_footer_says_what_the_table_does_not():
    assert footer(3, 3, 3) is None
    assert footer(3, 5, 5) == " 2 clients and idle sockets not shown   hb ls --all\n"
    assert footer(3, 4, 5) == " 1 client or idle socket not shown   hb ls --all\n"
    assert footer(0, 0, 11) == " nothing matches, of 11 openings\n"
    assert footer(0, 0, 0) == " nothing is open there, as far as was asked\n"
    assert footer(1, 1, 1, coverage=Coverage(True, (), (Gap("a", "", ""),))) == " 1 thing could not be seen   hb\n"

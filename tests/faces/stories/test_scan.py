"""The page of a scan: the worst on top, the many in a line, what was not seen in the footer."""

from __future__ import annotations

import pytest
from tests.faces import scans
from tests.faces.kit import NOW, golden, is_safe, said

from hb_engine.faces.stories.scan import tell
from hb_engine.model.answer import Rest, ScannedHost
from hb_engine.model.inventory import Gap
from hb_engine.model.record import replace

WIDTHS = (None, 60, 80, 120)
PAGES = {"one": scans.ONE, "many": scans.MANY, "cut": scans.CUT}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page(name, width):
    golden(f"scan-{name}-{width or 'plain'}.txt", said(tell(PAGES[name], NOW), width))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_stranger_s_word_moves_a_terminal(width):
    assert is_safe(said(tell(scans.hostile(), NOW), width))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_wider_than_the_terminal(name, width):
    assert max(map(len, said(tell(PAGES[name], NOW), width).splitlines())) <= width


def rows(seen, width=None):
    return [line.split() for line in said(tell(seen, NOW), width).splitlines()]


def test_the_worst_host_stands_first_and_its_worst_port_on_top():
    told = rows(scans.MANY)
    assert told[0][0] == "10.0.0.5"
    assert told[2][:3] == ["high", "tcp", "443"]


def test_no_cell_is_empty_for_programs():
    table = [
        row for row in said(tell(scans.ONE, NOW)).splitlines() if row.startswith(("none", "low", "medium", "high"))
    ]
    fields = [[cell for cell in row.split("  ") if cell] for row in table]
    assert {len(cells) for cells in fields} == {7}


def test_a_host_that_was_asked_alone_is_told_even_if_nothing_is_open():
    told = said(tell(replace(scans.MANY, hosts=(scans.NOTHING,)), NOW), 80)
    assert "10.0.0.7 \u00b7 0 open of 1,000" in told
    assert "1,000 closed (reset): 1-1000" in told
    assert "more" not in told


def test_hosts_without_an_open_port_are_counted_by_why():
    told = said(tell(scans.MANY, NOW), 80)
    assert "1 host up, nothing open (1,000 closed): 10.0.0.7" in told
    assert "1 host not known to be up: 10.0.0.8" in told


def test_many_quiet_hosts_are_a_number():
    hosts = tuple(ScannedHost(f"10.0.{n // 256}.{n % 256}", up=False) for n in range(5000))
    told = said(tell(replace(scans.MANY, hosts=hosts), NOW), 80)
    assert "5000 hosts down" in told
    assert len(told.splitlines()) < 6


def test_nothing_answered():
    assert "none answered, as far as was asked" in said(tell(scans.EMPTY, NOW))


def test_ports_that_nobody_asked_are_not_called_anything_else():
    host = replace(scans.NOTHING, rest=(Rest("tcp", "filtered", "not-asked", 7, "1-7"),))
    told = said(tell(replace(scans.ONE, hosts=(host,)), NOW), 80)
    assert "tcp  7 not asked: 1-7" in told
    assert "filtered" not in told


def test_gaps_have_their_remedies_and_a_limit():
    gaps = tuple(Gap(f"thing {n}", "why", "do") for n in range(9))
    told = said(tell(replace(scans.ONE, gaps=gaps), NOW))
    assert "thing 0: why (do)" in told
    assert "and 3 more gaps" in told


def test_a_scan_that_was_stopped_says_so_once():
    assert "before its end" in said(tell(replace(scans.ONE, complete=False), NOW))
    assert "before its end" not in said(tell(scans.CUT, NOW))


def test_another_scanner_s_result_is_told_as_its_own():
    assert "as nmap saw it; 1 host" in said(tell(replace(scans.ONE, scanner="nmap"), NOW))


def test_the_next_command_is_about_the_worst_port_and_where_it_works():
    assert "hb port 443   hb why 443 on 10.0.0.5" in said(tell(scans.MANY, NOW))
    here = replace(scans.ONE, hosts=(replace(scans.HOST, address="127.0.0.1"),))
    assert said(tell(here, NOW)).rstrip().endswith("hb why 443")


def test_where_nothing_is_open_the_next_is_to_ask_all():
    told = said(tell(replace(scans.MANY, hosts=(scans.NOTHING,)), NOW))
    assert told.rstrip().endswith("hb scan 10.0.0.7 -p all")
    assert said(tell(scans.EMPTY, NOW)).rstrip().endswith("hb scan --help")


def test_a_long_scan_and_the_connect_engine():
    stats = replace(scans.STATS, engine="connect", seconds=754.0)
    told = said(tell(replace(scans.ONE, stats=stats), NOW))
    assert "1 host in 12 min 34 s, 131,212 connections tried" in told

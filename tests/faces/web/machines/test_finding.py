"""Filters come from addresses that anybody may have written: they narrow what they know, and never break a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.kit import CLIENT, HOST, IDLE, LOOK, NOW, ROOT, opening, service
from tests.faces.web import kit

from hb_engine.app.hub.sight import Machine
from hb_engine.faces.web.machines import finding
from hb_engine.faces.web.machines.rows import Rows
from hb_engine.model.inventory import Inventory

ROWS = Rows(kit.MACHINE)


def service_of(number):
    """One of a thousand openings, of seven services."""
    name = f"s{number % 7}"
    return opening(1024 + number, service(name, number + 2, f"/usr/bin/{name}", name))


MANY = Rows(Machine("many", Inventory(HOST, NOW, ROOT, tuple([service_of(number) for number in range(1000)]))))


def ports(**query):
    return [row.opening.port for row in finding.find(ROWS, finding.wanted(query)).rows]


def test_all_of_them_without_a_filter_and_noise_folded():
    found = finding.find(ROWS, finding.wanted({}))
    assert found.count == len(LOOK.openings) - 2
    assert found.folded == 2
    assert (found.page, found.pages) == (1, 1)
    assert ports()[0] == 1703


def test_noise_is_shown_where_it_is_wanted():
    assert CLIENT.port in ports(every="1")
    assert IDLE.port in ports(every="1")
    assert CLIENT.port not in ports()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"transport": "udp"}, [4789, 68]),
        ({"scope": "loopback"}, [5432]),
        ({"state": "drift"}, [1703, 6379, 22]),
        ({"state": "odd"}, [1703, 6379, 22]),
        ({"state": "expected"}, [443]),
        ({"state": "debt"}, [5432]),
        ({"q": "NGINX"}, [443]),
        ({"q": "public redis"}, [6379]),
        ({"q": "no such thing"}, []),
        ({"transport": "tcp", "scope": "public", "q": "ssh"}, [22]),
    ],
)
def test_what_a_filter_lets_through(query, expected):
    assert ports(**query) == expected


def test_unknown_words_filter_nothing():
    assert ports(transport="carrier-pigeon", scope="galaxy", state="odd?", sort="random") == ports()


def test_orders_and_their_reverse():
    shown = [port for port in ports(sort="port") if port]
    assert shown == sorted(shown)
    assert ports(sort="port", down="1") == ports(sort="port")[::-1]
    reach = [row.opening.scope for row in finding.find(ROWS, finding.wanted({"sort": "reach"})).rows]
    assert reach[0] == "public"
    assert reach[-1] == "loopback"
    assert sorted(ports(sort="who"), key=str) == sorted(ports(), key=str)


def test_pages_of_a_hundred():
    first, last = [finding.find(MANY, finding.wanted({"page": page})) for page in ("1", "10")]
    assert (len(first.rows), first.page, first.pages, first.count) == (100, 1, 10, 1000)
    assert not set(map(id, first.rows)) & set(map(id, last.rows))
    seen = {row.key for page in range(1, 11) for row in finding.find(MANY, finding.wanted({"page": str(page)})).rows}
    assert len(seen) == 1000


@pytest.mark.parametrize("page", ["0", "-3", "x", "", "99999999999", "\u0663", "1e3"])
def test_a_page_that_is_none_is_the_first(page):
    assert finding.find(MANY, finding.wanted({"page": page})).page == 1


def test_a_page_behind_the_last_is_the_last():
    assert finding.find(MANY, finding.wanted({"page": "999"})).page == 10
    assert finding.paged([], 7, 10) == ([], 1, 1)


def test_addresses_of_a_filter_lead_back_to_it():
    want = finding.wanted({"q": "a&b", "scope": "public", "sort": "port", "down": "1", "every": "1"})
    from urllib.parse import parse_qsl, urlsplit

    assert finding.wanted(dict(parse_qsl(urlsplit(want.url("/machines/x")).query))) == want
    assert finding.Wanted().url("/machines/x") == "/machines/x"


def test_a_link_to_the_same_order_turns_it_round():
    want = finding.wanted({"sort": "port"})
    assert "down=1" in want.sorted_by("/m", "port")
    assert "down" not in finding.wanted({"sort": "port", "down": "1"}).sorted_by("/m", "port")
    assert want.sorted_by("/m", "worst") == "/m"


@given(st.dictionaries(st.sampled_from(("q", "transport", "scope", "state", "sort", "down", "every", "page", "x")),
                       st.text(max_size=20)))  # fmt: skip
def test_no_address_breaks_a_filter(query):
    found = finding.find(ROWS, finding.wanted(query))
    assert 1 <= found.page <= found.pages
    assert len(found.rows) <= finding.PAGE

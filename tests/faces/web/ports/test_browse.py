"""The list of all ports: every number is in it once, whatever is asked."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faces.web import kit

from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.ports import browse, index
from hb_engine.faces.web.ports.browse import Wanted, blocks, listed, wanted
from hb_engine.faces.web.ports.standing import open_ports

HUB = Hub(kit.REGISTRY, kit.THREATS, kit.nobody)
KNOWN = index.of(kit.REGISTRY, kit.THREATS)


def lines(**query):
    return listed(HUB, kit.SIGHT, wanted(query))


@pytest.mark.slow
def test_every_port_is_in_its_block_once():
    told = [
        port
        for first in range(0, 65536, browse.BLOCK)
        for line in lines(**{"from": str(first)}).lines
        for port in range(line.first, line.last + 1)
    ]
    assert told == list(range(65536))


def test_what_is_nothing_stands_together():
    (line,) = lines(**{"from": "60160"}).lines if not any(60160 <= port < 60416 for port in KNOWN.linked) else (None,)
    assert line is None or (line.first, line.last) == (60160, 60415)


def test_a_line_says_what_is_known():
    line = next(line for line in lines(**{"from": "1536"}).lines if line.first == 1703)
    assert line.names == (("hb-engine", ("tcp", "udp")),)
    assert (line.description, line.linked, line.mark, line.machines) == ("", True, "alarm", 2)


@pytest.mark.parametrize(
    ("query", "want"),
    [
        ({}, Wanted()),
        ({"from": "1703"}, Wanted(1536, 1791)),
        ({"from": "65535"}, Wanted(65280, 65535)),
        ({"from": "99999999"}, Wanted(65280, 65535)),
        ({"from": "-1"}, Wanted()),
        ({"from": "\u0661\u0662"}, Wanted()),
        ({"q": "6000-6063"}, Wanted(6000, 6063)),
        ({"q": "6063 - 6000"}, Wanted(6000, 6063)),
        ({"q": "0-65535"}, Wanted(0, 1023)),
        ({"q": "http", "show": "open", "page": "2"}, Wanted(0, 255, "open", "http", 2)),
        ({"show": "everything", "page": "x"}, Wanted()),
    ],
)
def test_what_an_address_asks_for(query, want):
    assert wanted(query) == want


def test_filters():
    assert {line.first for line in lines(show="open").lines} == set(open_ports(kit.SIGHT))
    assert lines(show="linked").count == len(KNOWN.linked)
    registered = lines(show="registered")
    assert registered.count == len(KNOWN.names)
    assert registered.pages == -(-registered.count // browse.PAGE)
    assert all(line.names for line in registered.lines)


def test_words_find_names_and_descriptions():
    assert 1703 in {line.first for line in lines(q="HB-engine").lines}
    assert 22 in {line.first for line in lines(q="secure shell").lines}
    assert lines(q="no such thing at all").lines == ()
    assert {line.first for line in lines(q="redis", show="open").lines} == {6379}


def test_a_page_behind_the_last_is_the_last():
    told = lines(show="registered", page="999999")
    assert told.page == told.pages
    assert told.lines


def test_blocks_count_what_is_in_them():
    told = dict(blocks(KNOWN, open_ports(kit.SIGHT)))
    assert [len(told[name]) for name in ("system", "user", "dynamic")] == [4, 23, 4]
    assert sum(registered for rows in told.values() for *_, registered, _ in rows) == len(KNOWN.names)
    assert {first: here for first, *_, here in told["user"]}[1536] == 1


@pytest.mark.parametrize("near", [0, 1023, 1024, 4096, 20000, 49151, 49152, 65535])
def test_every_number_is_in_one_block_and_those_near_are_told_one_by_one(near):
    spans = [(first, last) for _, rows in blocks(KNOWN, {}, near) for first, last, *_ in rows]
    assert spans[0][0] == 0
    assert spans[-1][1] == 65535
    assert all(last + 1 == first for (_, last), (first, _) in itertools.pairwise(spans))
    start = near // browse.BLOCK * browse.BLOCK
    assert (start, start + browse.BLOCK - 1) in spans
    assert len(spans) < 50


@pytest.mark.slow
@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["from", "q", "show", "page"]), st.text(max_size=12) | st.integers().map(str)))
def test_no_query_breaks_it(query):
    told = listed(HUB, kit.SIGHT, wanted(query))
    assert len(told.lines) <= 4 * browse.BLOCK
    assert 1 <= told.page <= told.pages
    for line in told.lines:
        assert 0 <= line.first <= line.last <= 65535

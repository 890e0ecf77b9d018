"""Names, words and near misses, in the packaged table and in one of oddities."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hb_engine.registry import search
from hb_engine.registry.assignments import Registry
from hb_engine.registry.table import Table


@pytest.fixture(scope="module")
def registry():
    return Registry.open(None)


@pytest.fixture(scope="module")
def odd(odd_file):
    return Registry(Table(odd_file, "odd"), "a test")


def test_https(registry):
    rows = registry.named("https")
    assert {(row.first, row.transport) for row in rows} >= {(443, "tcp"), (443, "udp"), (443, "sctp")}
    assert registry.named("HTTPS") == rows


def test_hb_engine(registry):
    assert [(row.first, row.transport) for row in registry.named("hb-engine")] == [(1703, "tcp"), (1703, "udp")]


def test_an_alias_brings_what_it_stands_for(registry):
    rows = registry.named("www")
    assert [(row.name, row.transport) for row in rows] == [
        ("www", "tcp"),
        ("www", "udp"),
        ("http", "tcp"),
        ("http", "udp"),
    ]


def test_names_with_signs(registry, odd):
    assert [row.name for row in odd.named("whois++")] == ["whois++", "whoispp"]
    assert registry.named("cl/1")
    assert registry.named("Apple Remote Desktop (Net Assistant)")[0].status == "unconfirmed"


def test_names_without_a_number(odd):
    assert odd.named("rubygems")[0].first is None


def test_names_of_ranges_and_lost_names(registry):
    assert registry.named("x11")[0].last == 6063
    assert {row.status for row in registry.named("compressnet")} == {"deassigned"}


@pytest.mark.parametrize(
    "name", ["", "no-such-name", "http\t", "Charles_C_L_Chou", "\udc80", "assigned", "x" * 5000, "*"]
)
def test_no_such_name(registry, name):
    assert registry.named(name) == ()


def test_words_of_descriptions(registry):
    rows = registry.search("remote desktop", 10)
    assert rows
    for row in rows:
        assert all(word in f"{row.name} {row.description}".lower() for word in ("remote", "desktop"))


def test_the_commonest_word_gives_way(registry):
    rows = registry.search("line printer", 5)
    assert (rows[0].name, rows[0].first) == ("printer", 515)


def test_words_that_nothing_has_are_left_out(registry):
    assert registry.search("zzzqqq printer", 1)[0].name == "printer"
    assert registry.search("zzzqqq", 9) == ()


def test_a_name_among_the_words_comes_first(registry):
    assert [row.name for row in registry.search("ssh", 2)] == ["ssh", "ssh"]
    assert registry.search("HB-Engine", 1)[0].first == 1703
    assert registry.search("hb engine", 1)[0].first == 1703


def test_only_names_and_descriptions_are_searched(registry):
    assert all("chou" in f"{row.name} {row.description}".lower() for row in registry.search("Chou", 20))


def test_the_limit(registry):
    assert len(registry.search("protocol", 7)) == 7
    assert registry.search("protocol", 0) == registry.search("", 5) == registry.search(" \t\n", 5) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("htps", "https"), ("hb-engin", "hb-engine"), ("htpp", "http"), ("postgres", "postgresql"), ("SSHH", "ssh")],
)
def test_near_names(registry, typed, meant):
    assert meant in registry.suggest(typed, 5)


def test_nothing_is_near(registry):
    assert registry.suggest("qqqqqqqqqqqqqqqq", 5) == ()
    assert registry.suggest("", 5) == ()
    assert registry.suggest("htps", 0) == ()
    assert "https" not in registry.suggest("https", 5)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(st.text())
def test_any_text_can_be_asked(registry, text):
    rows = registry.named(text)
    meant = {text.lower(), *(row.alias_of.lower() for row in rows)}
    assert all(row.name.lower() in meant for row in rows)
    assert len(registry.search(text, 3)) <= 3
    assert len(registry.suggest(text, 3)) <= 3


def test_transports_in_order():
    asked = [None, "quic", "dccp", "sctp", "udp", "tcp"]
    assert sorted(asked, key=search.transport_rank) == asked[::-1]

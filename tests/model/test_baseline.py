"""The values of a baseline: where they stand, and for whom they are."""

from __future__ import annotations

import pytest

from hb_engine.model.baseline import (
    HOST_FIELDS,
    LEVELS,
    OWNER_FIELDS,
    PINS,
    RULE_KINDS,
    UNMATCHED,
    WINDOW_MODES,
    Defaults,
    Listen,
    Lock,
    LockedHost,
    Rule,
    Where,
)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where("hb.d/web.toml", 12, 10), "hb.d/web.toml:12:10"),
        (Where("hb.d/web.toml", 12), "hb.d/web.toml:12"),
        (Where("hb.d/web.toml"), "hb.d/web.toml"),
        (Where(""), ""),
    ],
)
def test_a_place_is_told_as_compilers_do(where, text):
    assert where.text == text


@pytest.mark.parametrize(
    ("host", "role", "level"), [("", "", "fleet"), ("", "web", "role"), ("web-1", "", "host"), ("web-1", "web", "host")]
)
def test_the_most_specific_level_counts(host, role, level):
    assert Rule("allow", "x", (), host=host, role=role).level == level
    assert level in LEVELS


def test_a_name_of_several_ports_is_told_once():
    names = ("tcp/smtp", "tcp/smtp", "udp/1")
    places = tuple([Listen("tcp", 25, 25, text=name) for name in names])
    assert Rule("allow", "x", places).places == "tcp/smtp, udp/1"
    assert Rule("allow", "x", (Listen("tcp", 25, 25),)).places == ""


@pytest.mark.parametrize(
    "words", [RULE_KINDS, LEVELS, OWNER_FIELDS, HOST_FIELDS, PINS, UNMATCHED, WINDOW_MODES], ids=lambda words: words[0]
)
def test_closed_lists_have_each_word_once(words):
    assert len(set(words)) == len(words)


def test_forbidding_comes_first():
    assert RULE_KINDS == ("forbid", "require", "allow")


def test_what_holds_where_a_rule_says_nothing():
    assert (Defaults().unmatched, Defaults().severity, Defaults().review) == ("alert", "medium", 180)
    assert Rule("allow", "x", ()).severity == Defaults().severity


def test_a_lock_begins_empty():
    assert Lock().hosts == ()
    assert LockedHost("web").observed == ()


def test_places_of_one_name_are_wanted_together():
    tcp, udp = Listen("tcp", 80, 80, text="tcp/http"), Listen("tcp", 8008, 8008, text="tcp/http")
    other = Listen("udp", 53, 53, text="udp/53")
    assert Rule("require", "a", (tcp, other, udp)).wanted == ((tcp, udp), (other,))
    plain = Listen("tcp", 80, 80)
    assert Rule("require", "a", (plain, plain)).wanted == ((plain,), (plain,))
    assert Rule("require", "a", ()).wanted == ()

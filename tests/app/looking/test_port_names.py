"""Names into ports, for lists of ports: exact ones, patterns, and the registry opened only when it is asked."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.app.looking.port_names import fits, lookup, ports_named
from hb_engine.registry.assignments import Registry
from hb_engine.scan.ports import parse


@pytest.fixture(scope="module")
def registry():
    return Registry.open()


def test_names(registry):
    assert {("tcp", 22), ("udp", 22)} <= set(ports_named("ssh", registry))
    assert ("tcp", 80) in ports_named("www", registry)
    assert ports_named("no-such-service", registry) == ()


@pytest.mark.slow
def test_patterns(registry):
    found = ports_named("http*", registry)
    assert {("tcp", 80), ("tcp", 443), ("tcp", 8080)} <= set(found)
    assert list(found) == sorted(found, key=lambda place: (place[1], place[0]))
    assert ("tcp", 22) not in found


def test_it_serves_lists_of_ports(registry):
    found = parse(["ssh,udp/domain"], named=lookup(registry))
    assert (found.tcp, found.udp) == ((22,), (53,))


def test_numbers_open_no_registry(monkeypatch):
    def refuse(*_):
        raise AssertionError("nobody asked for a name")

    monkeypatch.setattr(Registry, "open", refuse)
    assert parse(["22,top:3"], named=lookup()).count >= 3


@given(st.text("ab", min_size=1, max_size=8), st.text("ab*", max_size=6))
def test_patterns_are_those_that_shells_have(name, pattern):
    assert fits(name, pattern) == fnmatchcase(name, pattern)


def test_rows_without_a_name_fit_no_pattern():
    assert not fits("", "*")


def test_a_pattern_that_would_backtrack_does_not():
    assert not fits("a" * 5000, "*a" * 200 + "b")

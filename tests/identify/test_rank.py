"""The order in which unknown ports are asked: near numbers first, then the common, then the rest by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.identify.kit import Probe
from hb_engine.identify.loading import Module, load
from hb_engine.identify.rank import COMMON_UDP, ORDER, moved, near, ordered


def _no_talk(peer):
    yield from ()


def module(name, *tcp):
    return Module(name, Probe(name, tcp=tcp), _no_talk)


@pytest.mark.parametrize(
    ("port", "home", "suggests"),
    [
        (5433, 5432, True),
        (15432, 5432, True),
        (54321, 5432, True),
        (5442, 5432, True),
        (5443, 5432, False),
        (65432, 5432, True),
        (8000, 80, True),  # 80 with zeros behind it
        (7007, 7, False),  # one digit says nothing
        (1234, 5432, False),
    ],
)
def test_what_a_number_suggests(port, home, suggests):
    assert near(port, (home,)) is suggests


def test_near_then_common_then_by_name():
    modules = [module("zeta", 5000), module("redis", 6379), module("postgresql", 5432), module("alpha", 9)]
    assert [found.file for found in ordered(modules, 4999)] == ["zeta", "postgresql", "redis", "alpha"]


def test_the_order_has_nobody_twice():
    assert len(ORDER) == len(set(ORDER))
    assert len(COMMON_UDP) == len(set(COMMON_UDP))


@given(st.integers(1, 65535))
def test_an_order_loses_nobody(port):
    modules = [module("zeta", 5000), module("redis", 6379), module("alpha")]
    assert sorted(found.file for found in ordered(modules, port)) == ["alpha", "redis", "zeta"]


def test_at_least_most_of_the_order_are_names_of_probes():
    """A name that no probe has is a place that nobody takes: a renamed probe would lose its own without a word."""
    names = {found.probe.name for found in load().modules}
    missing = [name for name in (*ORDER, *COMMON_UDP) if name not in names]
    assert not missing


def test_what_moved_to_another_udp_port():
    library = load()
    first = moved(library, 40161)
    assert first[0].probe.name == "snmp"
    assert len(first) == len(set(first)) == len(moved(library, 40000))
    assert all(module.probe.udp for module in first)

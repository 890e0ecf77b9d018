"""A mistyped word finds the one that was meant, and nonsense finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.model.nearest import distance, nearest

VERBS = ["completion", "ls", "port", "summary", "update", "why"]
OPTIONS = ["--port", "--process", "--transport", "--scope", "--json", "--help"]
MEANT = {
    "prot": "port",
    "pport": "port",
    "por": "port",
    "updaet": "update",
    "UPDATE": "update",
    "wy": "why",
    "lss": "ls",
    "complete": "completion",
    "frobnicate": "",
    "": "",
    "x" * 1000: "",
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_verbs(typed, meant):
    assert nearest(typed, VERBS) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("--prot", "--port"), ("--jsn", "--json"), ("--scop", "--scope"), ("--xyz", "")]
)
def test_options(typed, meant):
    assert nearest(typed, OPTIONS) == meant


def test_nothing_to_choose_from():
    assert nearest("port", []) == ""


def test_slips_of_the_fingers_cost_one():
    assert distance("port", "prot") == 1
    assert distance("port", "por") == 1
    assert distance("port", "poort") == 1
    assert distance("port", "pert") == 1
    assert distance("", "abc") == 3


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_a_distance_is_the_same_both_ways_and_zero_only_for_the_same(left, right):
    assert distance(left, right) == distance(right, left)
    assert (distance(left, right) == 0) == (left == right)
    assert distance(left, right) <= max(len(left), len(right))

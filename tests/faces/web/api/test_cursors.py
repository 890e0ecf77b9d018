"""Cursors: whatever changes between two parts of a list, what stays is told once."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.api.cursors import Cut, cut
from hb_engine.faces.web.page import NotThere

keys = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["tcp", "udp"])), max_size=40).map(sorted)


def told(name, listed, limit):
    """Everything of a list, in parts."""
    found, cursor = [], ""
    while True:
        part = cut(name, listed, cursor, limit)
        found += listed[part.start : part.end]
        cursor = part.next
        if not cursor:
            return found


@given(keys, st.integers(1, 7))
def test_every_item_is_told_once_however_the_list_is_cut(listed, limit):
    assert told("x", listed, limit) == listed


@given(keys, keys, keys, st.integers(1, 5))
def test_what_stays_is_told_once_when_others_come_and_go(stay, before, after, limit):
    """Between two parts some items go and others come: the list is another, and those that stay are told once each."""
    stays = sorted(set(stay))
    first, second = sorted({*stays, *before}), sorted({*stays, *after})
    part = cut("x", first, "", limit)
    seen = list(first[part.start : part.end])
    if part.next:
        rest = cut("x", second, part.next, 1000)
        seen += second[rest.start : rest.end]
    assert [one for one in seen if one in stays] == [one for one in stays if one in seen]
    assert not [one for one in stays if seen.count(one) != 1]


def test_equal_keys_are_told_apart_by_their_number():
    listed = [(1, "a")] * 5 + [(2, "b")]
    assert told("x", listed, 2) == listed


def test_of_equal_keys_that_are_fewer_by_now_none_is_told_again():
    part = cut("x", [(1, "a")] * 4 + [(2, "b")], "", 3)
    assert cut("x", [(1, "a")] * 2 + [(2, "b")], part.next, 9) == Cut(2, 3)


def test_an_empty_list_ends_at_once():
    assert cut("x", [], "", 5) == Cut(0, 0)
    assert cut("x", [], cut("x", [(1,), (2,)], "", 1).next, 5) == Cut(0, 0)


def made(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "0",
        "A" * 400,
        "____",
        base64.urlsafe_b64encode(b"[" * 300).decode().rstrip("="),
        base64.urlsafe_b64encode(b'{"a": 1}').decode().rstrip("="),
        made("y", 1, 3, "tcp"),
        made("x", 0, 3, "tcp"),
        made("x", -1, 3, "tcp"),
        made("x", 1.5, 3, "tcp"),
        made("x", True, 3, "tcp"),
        made("x", 1 << 40, 3, "tcp"),
        made("x", 1, "3", "tcp"),
        made("x", 1, 3),
        made("x", 1, 3, None),
        made("x", 1, 3, "tcp", 4),
        made("x", 1),
    ],
)
def test_what_is_no_cursor_of_this_list_leads_nowhere(cursor):
    with pytest.raises(NotThere) as caught:
        cut("x", [(1, "tcp")], cursor, 5)
    assert "begin anew" in caught.value.remedy


def test_cursors_may_stand_in_addresses_as_they_are():
    part = cut("x", [(1, "ü/?&%"), (2, "b")], "", 1)
    assert part.next.replace("-", "").replace("_", "").isalnum()
    assert len(part.next) < 400

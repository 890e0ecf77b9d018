"""Links are good once, for a while, and for some; what is not good says no more than it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hb_engine.faces.web.guard.links import EXPIRED, FOREIGN, LASTS, MOST, UNKNOWN, USED, Links


class Clock:
    at = 50.0

    def __call__(self) -> float:
        return self.at


def test_once():
    links = Links()
    token = links.give("read")
    assert links.use(token, 1000) == ("read", "")
    assert links.use(token, 1000) == ("", USED)
    assert links.use(token, None) == ("", USED)


@pytest.mark.parametrize("right", ["read", "write"])
def test_each_gives_the_right_that_it_was_made_for(right):
    links = Links()
    other = links.give("read")
    assert links.use(links.give(right), 0) == (right, "")
    assert links.use(other, 0) == ("read", "")


def test_fifteen_minutes():
    clock = Clock()
    links = Links(clock=clock)
    first, second = links.give("read"), links.give("read")
    clock.at += LASTS
    assert links.use(first, 1)[0] == "read"
    clock.at += 1
    assert links.use(second, 1) == ("", EXPIRED)


def test_whoever_it_is_not_for_does_not_use_it_up():
    links = Links(frozenset((0, 1000)))
    token = links.give("write")
    assert links.use(token, 1001) == ("", FOREIGN)
    assert links.use(token, -1) == ("", FOREIGN)
    assert links.use(token, 1000) == ("write", "")


def test_where_users_are_not_told_apart_the_token_counts():
    assert Links(frozenset((0, 1000))).is_for(None)
    assert Links(None).is_for(1001)
    assert not Links(frozenset((0,))).is_for(1001)


def test_no_token_is_kept():
    links = Links()
    token = links.give("read")
    assert token not in repr(links._links)
    assert len(token) == 43


def test_the_oldest_are_forgotten():
    links = Links()
    tokens = [links.give("read") for _ in range(MOST + 1)]
    assert links.use(tokens[0], 1) == ("", UNKNOWN)
    assert links.use(tokens[1], 1) == ("read", "")


@given(st.text())
def test_no_text_is_a_link(text):
    links = Links()
    token = links.give("write")
    assert links.use(text, 0) == ("", UNKNOWN)
    assert links.use(token + text, 0) == (("write", "") if not text else ("", UNKNOWN))

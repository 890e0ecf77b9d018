"""What was probably meant: near names, of what is here and of what is registered, in bounded time."""

from __future__ import annotations

import pytest
from tests.faces.web.api import asking

from hb_engine.faces.web.searching.index import INDEXES
from hb_engine.faces.web.searching.suggesting import MOST, suggest

HUB = asking.site().hub
INDEX = INDEXES.of(HUB)


@pytest.mark.parametrize(
    ("words", "one"),
    [
        (("posgresql",), "postgresql"),
        (("wbe-17",), "web-17"),
        (("redis-sevrer",), "redis-server"),
        (("deleted-executble",), "deleted-executable"),
        (("sshh", "root"), "sshd root"),
        (("web-htps",), "web-https"),
    ],
)
def test_a_slip_of_the_fingers(words, one):
    assert one in suggest(HUB, INDEX, words)


@pytest.mark.parametrize("words", [(), ("ab",), ("12345",), ("x" * 41,), ("qqqqqqqqqqqq",), ("ssh",)])
def test_nothing_is_guessed(words):
    assert suggest(HUB, INDEX, words) == ()


def test_few_are_told():
    assert len(suggest(HUB, INDEX, ("htttp",))) <= MOST

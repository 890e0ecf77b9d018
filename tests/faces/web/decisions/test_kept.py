"""Answers are kept for seconds, and never longer than their sight; errors are not kept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hb_engine.faces.web.decisions import kept
from hb_engine.model.errors import DataError


class Hub:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.sight = type("Sight", (), {"number": 1})
        self.error: Exception | None = None

    async def ask(self, question, **words):
        self.asked.append((question, words))
        if self.error:
            raise self.error
        return len(self.asked)


class Asked:
    """What of a page's Ask is used."""

    def __init__(self, hub, now=0.0) -> None:
        self.hub, self.now, self.sight = hub, now, hub.sight


@pytest.fixture
def hub():
    kept._KEPT.clear()
    return Hub()


def get(hub, now=0.0, **words):
    page: Any = Asked(hub, now)
    return asyncio.run(kept.kept(page, "rules", **words))


def test_it_is_asked_once_in_a_while(hub):
    assert [get(hub, now) for now in (100.0, 101.0, 104.9)] == [1, 1, 1]
    assert get(hub, 105.0) == 1  # as it is known, while it is asked for anew
    assert len(hub.asked) == 2
    assert get(hub, 105.5) == 2


def test_what_is_older_than_a_minute_is_waited_for(hub):
    assert get(hub, 100.0) == 1
    assert get(hub, 159.9) == 1
    assert get(hub, 300.0) == 3


def test_readers_at_once_ask_once(hub):
    pages: list[Any] = [Asked(hub, 100.0) for _ in range(9)]

    async def readers():
        return await asyncio.gather(*[kept.kept(page, "rules") for page in pages])

    assert asyncio.run(readers()) == [1] * 9
    assert len(hub.asked) == 1


def test_another_sight_other_words_and_a_clock_that_went_back_ask_anew(hub):
    assert get(hub, 100.0) == 1
    assert get(hub, 100.0, days=3) == 2
    assert get(hub, 99.0) == 3
    hub.sight.number = 2
    assert get(hub, 99.0) == 4


def test_errors_are_not_kept(hub):
    hub.error = DataError("x")
    with pytest.raises(DataError):
        get(hub)
    hub.error = None
    assert get(hub) == 2


def test_it_holds_few(hub):
    for number in range(100):
        get(hub, 0.0, days=number)
    assert len(kept._KEPT) <= kept.MOST

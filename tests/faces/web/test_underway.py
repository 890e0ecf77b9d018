"""A question that is out is not asked twice, and outlives whoever asked it first."""

from __future__ import annotations

import asyncio

import pytest

from hb_engine.faces.web.underway import Underway


class Slow:
    """Answers when it is let go, and counts how often it was asked."""

    def __init__(self, answer=1703) -> None:
        self.asked, self.answer, self.free = 0, answer, asyncio.Event()

    async def __call__(self) -> object:
        self.asked += 1
        await self.free.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_whoever_asks_the_same_waits_for_the_same():
    async def play():
        out, slow = Underway(), Slow()
        asking = [asyncio.ensure_future(out.once("a", slow)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(out) == 1
        slow.free.set()
        return await asyncio.gather(*asking), slow.asked, len(out)

    assert asyncio.run(play()) == ([1703] * 5, 1, 0)


def test_other_questions_are_asked_besides():
    async def play():
        out, one, other = Underway(), Slow(1), Slow(2)
        one.free.set()
        other.free.set()
        return await asyncio.gather(out.once("a", one), out.once(("a", 2), other))

    assert asyncio.run(play()) == [1, 2]


def test_what_was_answered_is_asked_anew():
    async def play():
        out, slow = Underway(), Slow()
        slow.free.set()
        await out.once("a", slow)
        await out.once("a", slow)
        return slow.asked

    assert asyncio.run(play()) == 2


def test_a_reader_who_goes_away_ends_it_for_nobody_else():
    async def play():
        out, slow = Underway(), Slow()
        first, second = [asyncio.ensure_future(out.once("a", slow)) for _ in range(2)]
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        slow.free.set()
        return await second, first.cancelled(), slow.asked

    assert asyncio.run(play()) == (1703, True, 1)


def test_everybody_who_waits_is_told_of_a_failure_and_the_next_asks_anew():
    async def play():
        out, slow = Underway(), Slow(ValueError("no"))
        slow.free.set()
        told = await asyncio.gather(out.once("a", slow), out.once("a", slow), return_exceptions=True)
        with pytest.raises(ValueError, match="no"):
            await out.once("a", slow)
        return [str(one) for one in told], slow.asked

    assert asyncio.run(play()) == (["no", "no"], 2)


def test_a_failure_that_nobody_waits_for_is_no_warning():
    async def play():
        out, slow = Underway(), Slow(ValueError("no"))
        slow.free.set()
        out.begin("a", slow)
        for _ in range(4):
            await asyncio.sleep(0)
        return len(out)

    assert asyncio.run(play()) == 0


def test_a_question_of_a_loop_that_has_ended_is_none():
    out = Underway()

    async def leave():
        out.begin("a", Slow())

    async def ask():
        slow = Slow(2)
        slow.free.set()
        return await out.once("a", slow)

    asyncio.run(leave())
    assert asyncio.run(ask()) == 2

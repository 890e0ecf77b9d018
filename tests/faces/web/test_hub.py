"""The one object that all pages share: a sight that is replaced whole, and whoever waits for the next one."""

from __future__ import annotations

import asyncio

from tests.faces.web import kit

from hb_engine.app.hub.sight import NOTHING
from hb_engine.faces.web.hub import Hub
from hb_engine.model.record import replace


def made(answer=None):
    return Hub(kit.REGISTRY, kit.THREATS, answer, clock=lambda: kit.NOW)


def test_before_anybody_looked_it_says_so():
    assert (made().sight, made().closed, made().writing) == (NOTHING, False, False)


def test_a_question_goes_on_with_its_words():
    async def answer(question, **words):
        return question, words

    assert asyncio.run(made(answer).ask("port-past", port=22)) == ("port-past", {"port": 22})


def test_everybody_who_waits_is_woken_by_a_change():
    async def both():
        hub = made()
        waiting = [asyncio.create_task(hub.change(0)) for _ in range(3)]
        await asyncio.sleep(0)
        hub.show(kit.SIGHT)
        return await asyncio.gather(*waiting)

    assert asyncio.run(both()) == [kit.SIGHT] * 3


def test_a_change_that_is_there_already_is_not_waited_for():
    async def one():
        hub = made()
        hub.show(kit.SIGHT)
        return await hub.change(0)

    assert asyncio.run(one()) == kit.SIGHT


def test_the_same_number_is_no_change():
    async def one():
        hub = made()
        hub.show(kit.SIGHT)
        waiting = asyncio.create_task(hub.change(1))
        await asyncio.sleep(0)
        hub.show(replace(kit.SIGHT, taken_at=kit.NOW + 30))
        await asyncio.sleep(0)
        was_done = waiting.done()
        hub.show(replace(kit.SIGHT, number=2))
        return was_done, (await waiting).number

    assert asyncio.run(one()) == (False, 2)


def test_closing_wakes_everybody_and_nobody_waits_any_more():
    async def one():
        hub = made()
        waiting = asyncio.create_task(hub.change(0))
        await asyncio.sleep(0)
        hub.close()
        return await waiting, await hub.change(0), hub.closed

    assert asyncio.run(one()) == (NOTHING, NOTHING, True)

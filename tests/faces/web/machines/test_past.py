"""What was is asked once for a sight; no history, trouble, and what takes long are three answers."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.faces.kit import HTTPS, NOW
from tests.faces.web.kit import REGISTRY, THREATS
from tests.faces.web.machines.answers import BACK, OLD, PAST, changes

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.machines.past import MOST, Pasts, of_key
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import replace


class Desk:
    """Answers with what a test wants, and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.gate: asyncio.Event | None = None

    async def answer(self, question: str, **words: Any) -> Any:
        self.asked.append((question, words))
        if self.gate is not None:
            await self.gate.wait()
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(told, Exception):
            raise told
        return told


def hub(desk, number=1):
    made = Hub(REGISTRY, THREATS, desk.answer, clock=lambda: NOW)
    made.show(Sight(number, NOW))
    return made


def test_a_past_is_asked_once_for_a_sight():
    desk = Desk(PAST)

    async def work():
        pasts, of = Pasts(), hub(desk)
        both = await asyncio.gather(pasts.of(of, "web-17"), pasts.of(of, "web-17"))
        assert both[0].past is both[1].past is PAST
        assert desk.asked == [("machine-past", {"host": "web-17", "days": 90})]
        of.show(Sight(2, NOW))
        await pasts.of(of, "web-17")
        assert len(desk.asked) == 2

    asyncio.run(work())


def test_hubs_do_not_share():
    desk = Desk(PAST)

    async def work():
        pasts = Pasts()
        await pasts.of(hub(desk), "web-17")
        await pasts.of(hub(desk), "web-17")

    asyncio.run(work())
    assert len(desk.asked) == 2


def test_no_history_is_no_trouble():
    found = asyncio.run(Pasts().of(hub(Desk(BadInput("there is no history yet", "hb record"))), "web-17"))
    assert (found.none, found.trouble, found.past) == (True, "", None)


def test_trouble_is_told_and_asked_again():
    desk = Desk(DataError("history.db is no history", "hb history --repair"), PAST)

    async def work():
        pasts, of = Pasts(), hub(desk)
        first = await pasts.of(of, "web-17")
        assert (first.trouble, first.remedy, first.none) == (
            "history.db is no history", "hb history --repair", False,
        )  # fmt: skip
        assert (await pasts.of(of, "web-17")).past is PAST

    asyncio.run(work())


def test_what_takes_long_is_late_and_comes():
    desk = Desk(PAST)

    async def work():
        desk.gate = asyncio.Event()
        pasts, of = Pasts(patience=0.0), hub(desk)
        assert (await pasts.of(of, "web-17")).late
        desk.gate.set()
        while not (found := await pasts.of(of, "web-17")).past:  # noqa: ASYNC110 - one turn of the loop, and no time
            await asyncio.sleep(0)
        assert found.past is PAST
        assert len(desk.asked) == 1

    asyncio.run(work())


def test_no_more_are_kept_than_agreed():
    desk = Desk(PAST)

    async def work():
        pasts, of = Pasts(), hub(desk)
        for number in range(MOST + 5):
            await pasts.of(of, f"m{number}")
        await pasts.of(of, f"m{MOST + 4}")  # kept
        await pasts.of(of, "m0")  # forgotten

    asyncio.run(work())
    assert len(desk.asked) == MOST + 6


def test_changes():
    found = asyncio.run(Pasts().changes(hub(Desk(changes())), 0.0, 50, "web-17"))
    assert found.changes is not None
    assert found.past is None


def test_changes_of_a_key_under_all_its_names():
    known = PAST.of(HTTPS.key)
    assert known is not None
    assert of_key(PAST, known) == (BACK, OLD)
    renamed = replace(known, key="tcp/public/443/pkg:nginx/host", aliases=(HTTPS.key,))
    assert of_key(PAST, renamed) == (BACK, OLD)
    assert of_key(PAST, known, [OLD]) == (OLD,)

"""Answers of the process with rights: kept for a minute, told as trouble where there are none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.faces.kit import SSH
from tests.faces.web import kit

from hb_engine.app.hub.questions.port_past import Looked, PortPast
from hb_engine.app.hub.questions.ports_past import PortsPast
from hb_engine.app.hub.scanned import Kept
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.ports import asking
from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.history import Span
from hb_engine.registry.pressure import Look


class Desk:
    """Answers, and what was asked."""

    def __init__(self) -> None:
        self.now = kit.NOW
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        self.free: asyncio.Event | None = None
        self.hub = Hub(kit.REGISTRY, kit.THREATS, self.answer, clock=lambda: self.now)

    async def answer(self, question, **words):
        self.asked.append((question, words))
        if self.free is not None:
            await self.free.wait()
        told = self.answers.get(question)
        if isinstance(told, Exception):
            raise told
        return told(**words) if callable(told) else told


@pytest.fixture
def desk():
    return Desk()


def run(waiting):
    return asyncio.run(waiting)


def test_an_answer_is_good_for_a_minute(desk):
    desk.answers["useful-count"] = 5
    assert run(asking.told(desk.hub, "useful-count")).value == 5
    desk.now += 59
    run(asking.told(desk.hub, "useful-count"))
    assert len(desk.asked) == 1
    desk.now += 2
    run(asking.told(desk.hub, "useful-count"))
    assert len(desk.asked) == 2


def test_for_a_minute_more_it_is_shown_while_it_is_asked_for_anew(desk):
    answers = iter((5, 6, 7))
    desk.answers["useful-count"] = lambda: next(answers)
    assert run(asking.told(desk.hub, "useful-count")).value == 5
    desk.now += 70
    assert run(asking.told(desk.hub, "useful-count")).value == 5
    assert len(desk.asked) == 2
    assert run(asking.told(desk.hub, "useful-count")).value == 6
    desk.now += 121
    assert run(asking.told(desk.hub, "useful-count")).value == 7


def test_readers_at_once_ask_once(desk):
    async def readers():
        return await asyncio.gather(*[asking.told(desk.hub, "useful-count") for _ in range(9)])

    run(readers())
    assert len(desk.asked) == 1


def test_what_was_out_before_a_person_did_something_is_not_kept(desk):
    async def play():
        desk.free = asyncio.Event()
        first = asyncio.ensure_future(asking.told(desk.hub, "useful-count"))
        for _ in range(3):
            await asyncio.sleep(0)
        asking.memory(desk.hub).forget("useful-count")
        desk.free.set()
        await first
        await asking.told(desk.hub, "useful-count")

    run(play())
    assert len(desk.asked) == 2


def test_of_most_ports_one_answer_tells_the_past(desk):
    span, looked = Span("web-17", SSH, 1.0, 2.0), (Looked("web-17", 1.0, 2.0),)
    desk.answers["ports-past"] = PortsPast((22,), looked, 3)
    desk.answers["port-past"] = lambda port: PortPast(port, "", (span,), looked)
    assert run(asking.past(desk.hub, 22)).value.spans == (span,)
    for port in (23, 1703, 65535):
        assert run(asking.past(desk.hub, port)).value == PortPast(port, "", (), looked, 0, 3)
    assert [question for question, _ in desk.asked] == ["ports-past", "port-past"]


def test_a_history_in_trouble_is_asked_once_for_all_ports(desk):
    desk.answers["ports-past"] = BadInput("there is no history", "Keep one.")
    told = [run(asking.past(desk.hub, port)).trouble for port in (22, 23)]
    assert told == [desk.answers["ports-past"]] * 2
    assert len(desk.asked) == 1


def test_a_clock_that_was_set_back_makes_no_answer_last(desk):
    run(asking.told(desk.hub, "x"))
    desk.now -= 1000
    run(asking.told(desk.hub, "x"))
    assert len(desk.asked) == 2


def test_other_words_and_another_sight_are_other_questions(desk):
    for also, port in ((1, 22), (1, 23), (2, 22), (1, 22)):
        run(asking.told(desk.hub, "port-past", also=also, port=port))
    assert [words for _, words in desk.asked] == [{"port": 22}, {"port": 23}, {"port": 22}]


def test_trouble_is_told_and_not_raised(desk):
    desk.answers["x"] = CannotLook("the process is gone", "Start it again.")
    told = run(asking.told(desk.hub, "x"))
    assert told.value is None
    assert told.trouble is desk.answers["x"]
    desk.answers["y"] = RuntimeError("a fault of ours")
    with pytest.raises(RuntimeError):
        run(asking.told(desk.hub, "y"))


def test_a_trouble_is_asked_about_again_in_a_moment(desk):
    desk.answers["x"] = CannotLook("it is still starting", "Try again.")
    assert run(asking.told(desk.hub, "x")).trouble is not None
    desk.answers["x"] = 5
    assert run(asking.told(desk.hub, "x")).trouble is not None  # not for every page of a crowd
    desk.now += 3
    assert run(asking.told(desk.hub, "x")).value == 5


def test_what_a_person_did_is_asked_anew(desk):
    run(asking.told(desk.hub, "useful-count"))
    run(asking.told(desk.hub, "other"))
    asking.memory(desk.hub).forget("useful-count")
    run(asking.told(desk.hub, "useful-count"))
    run(asking.told(desk.hub, "other"))
    assert [question for question, _ in desk.asked] == ["useful-count", "other", "useful-count"]


def test_hubs_do_not_share_their_answers(desk):
    other = Desk()
    run(asking.told(desk.hub, "x"))
    run(asking.told(other.hub, "x"))
    assert len(desk.asked) == len(other.asked) == 1


def test_answers_do_not_pile_up(desk, monkeypatch):
    monkeypatch.setattr(asking, "MOST", 3)
    for port in range(5):
        run(asking.told(desk.hub, "x", port=port))
    run(asking.told(desk.hub, "x", port=4))
    assert len(desk.asked) == 5
    run(asking.told(desk.hub, "x", port=0))
    assert len(desk.asked) == 6


def test_where_nothing_is_kept_one_answer_is_good_for_all_ports(desk):
    desk.answers["pressure-kept"] = lambda port: Kept(port, None, False, (22,))
    for port in (80, 81, 82, 80):
        assert run(asking.pressure_kept(desk.hub, port)).value.look is None
    assert len(desk.asked) == 1
    desk.answers["pressure-kept"] = lambda port: Kept(port, Look(port, ()), False, (22,))
    assert run(asking.pressure_kept(desk.hub, 22)).value.look.port == 22
    assert run(asking.pressure_kept(desk.hub, 80)).value.look is None
    assert len(desk.asked) == 2


def test_where_it_cannot_be_asked_all_ports_say_so_after_one_try(desk):
    desk.answers["pressure-kept"] = BadInput("there is no question", "")
    for port in (80, 81):
        assert run(asking.pressure_kept(desk.hub, port)).trouble is not None
    assert len(desk.asked) == 1

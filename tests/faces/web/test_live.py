"""The serving process's ends of the wires, with a supervisor, a desk and a looker that a test plays."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest
from tests.faces.web import kit

from hb_engine.app.hub import wires
from hb_engine.app.hub.sight import NOTHING, Fresh, Sight
from hb_engine.faces.web import live
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.live import Caller, follow
from hb_engine.model.errors import BadInput, CannotLook
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import io

PATIENCE = 30.0  # seconds after which a test gives up; none waits for them


class Played:
    """A supervisor with both sockets, and what it announces over them."""

    def __init__(self) -> None:
        self.sights, their_sights = socket.socketpair()
        self.questions, their_questions = socket.socketpair()
        self.ends: list[socket.socket | io.FileIO] = [self.sights, self.questions, their_sights, their_questions]
        self.wires = wires.Wires(their_sights.fileno(), their_questions.fileno())

    def desk(self):
        """Announce a desk; its socket, for the loop."""
        ours, theirs = socket.socketpair()
        socket.send_fds(self.questions, [b"+"], [theirs.fileno()])
        theirs.close()
        ours.setblocking(False)
        self.ends.append(ours)
        return Desk(ours)

    def looker(self):
        """Announce a looker; the file that it writes to."""
        reader, writer = os.pipe()
        socket.send_fds(self.sights, [b"+"], [reader])
        os.close(reader)
        file = os.fdopen(writer, "wb", buffering=0)
        self.ends.append(file)
        return file

    def close(self):
        for one in self.ends:
            one.close()


class Desk:
    """A desk's end of a socket."""

    def __init__(self, ours) -> None:
        self.socket = ours

    async def asked(self):
        """(number, name, words) of the next question; None at the end."""
        loop = asyncio.get_running_loop()
        head = await loop.sock_recv(self.socket, wires.HEAD)
        if not head:
            return None
        length, number = wires.head(head, wires.LARGEST_QUESTION)
        body = b""
        while len(body) < length:
            body += await loop.sock_recv(self.socket, length - len(body))
        return (number, *wires.asked(body))

    async def say(self, number, body):
        await asyncio.get_running_loop().sock_sendall(self.socket, wires.frame(number, body))


@pytest.fixture
def played():
    made = Played()
    yield made
    made.close()


def run(coroutine):
    """A coroutine to its end, in a loop of its own that leaves no task behind."""

    async def bounded():
        async with asyncio.timeout(PATIENCE):
            return await coroutine

    return asyncio.run(bounded())


def hub_of(caller=None):
    return Hub(kit.REGISTRY, kit.THREATS, caller, clock=lambda: kit.NOW)


# -- questions


def test_answers_find_their_questions_in_any_order(played):
    async def both():
        caller, desk = Caller(played.wires), played.desk()
        tasks = [asyncio.create_task(caller("echo", n=n)) for n in range(20)]
        got = [await desk.asked() for _ in range(20)]
        for number, name, words in reversed(got):
            await desk.say(number, wires.dumped((name, words["n"])))
        found = await asyncio.gather(*tasks)
        await caller.close()
        return found

    assert run(both()) == [("echo", n) for n in range(20)]


def test_an_error_of_the_desk_is_raised(played):
    async def one():
        caller, desk = Caller(played.wires), played.desk()
        task = asyncio.create_task(caller("machine-past", days=0))
        number, _, _ = await desk.asked()
        await desk.say(number, wires.refusal(BadInput("0 days cannot be shown", "Ask for 1 to 400.")))
        try:
            await task
        finally:
            await caller.close()

    with pytest.raises(BadInput, match="0 days") as raised:
        run(one())
    assert raised.value.remedy == "Ask for 1 to 400."


def test_a_question_waits_for_a_desk_that_is_still_to_come(played):
    async def one():
        caller = Caller(played.wires)
        task = asyncio.create_task(caller("echo"))
        await asyncio.sleep(0)
        desk = played.desk()
        number, _, _ = await desk.asked()
        await desk.say(number, wires.dumped("well"))
        found = await task
        await caller.close()
        return found

    assert run(one()) == "well"


def test_without_an_answer_whoever_asks_is_told_what_to_do(played):
    async def one():
        caller, desk = Caller(played.wires, patience=0.05), played.desk()
        try:
            await caller("echo")
        finally:
            number, _, _ = await desk.asked()
            await desk.say(number, wires.dumped("late"))  # of which nobody hears
            task = asyncio.create_task(caller("echo"))
            number, _, _ = await desk.asked()
            await desk.say(number, wires.dumped("in time"))
            assert await task == "in time"
            await caller.close()

    with pytest.raises(CannotLook, match=r"within 0\.05 seconds") as raised:
        run(one())
    assert raised.value.remedy


def test_whoever_goes_away_leaves_nothing_behind(played):
    async def one():
        caller, desk = Caller(played.wires), played.desk()
        task = asyncio.create_task(caller("echo"))
        number, _, _ = await desk.asked()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await desk.say(number, wires.dumped("nobody waits"))
        task = asyncio.create_task(caller("echo"))
        number, _, _ = await desk.asked()
        await desk.say(number, wires.dumped("well"))
        assert await task == "well"
        assert caller.waiting == 0
        await caller.close()

    run(one())


def test_when_a_desk_ends_its_questions_are_refused_and_the_next_desk_answers(played):
    async def one():
        caller, first = Caller(played.wires), played.desk()
        tasks = [asyncio.create_task(caller("echo")) for _ in range(3)]
        await first.asked()
        first.socket.close()
        refused = await asyncio.gather(*tasks, return_exceptions=True)
        second = played.desk()
        task = asyncio.create_task(caller("echo"))
        number, _, _ = await second.asked()
        await second.say(number, wires.dumped("well"))
        assert await task == "well"
        await caller.close()
        return refused

    refused = run(one())
    assert [type(each) for each in refused] == [CannotLook] * 3
    assert "started again" in str(refused[0])


def test_half_an_answer_is_the_end_of_that_desk_alone(played):
    async def one():
        caller, first = Caller(played.wires), played.desk()
        task = asyncio.create_task(caller("echo"))
        number, _, _ = await first.asked()
        await asyncio.get_running_loop().sock_sendall(first.socket, wires.frame(number, bytes(100))[:50])
        first.socket.close()
        with pytest.raises(CannotLook):
            await task
        second = played.desk()
        task = asyncio.create_task(caller("echo"))
        number, _, _ = await second.asked()
        await second.say(number, wires.dumped("well"))
        assert await task == "well"
        await caller.close()

    run(one())


def test_there_is_an_end_of_what_is_out(played, monkeypatch):
    monkeypatch.setattr(live, "MOST", 2)

    async def one():
        caller = Caller(played.wires)
        tasks = [asyncio.create_task(caller("echo")) for _ in range(2)]
        await asyncio.sleep(0)
        try:
            await caller("echo")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await caller.close()

    with pytest.raises(CannotLook, match="too many"):
        run(one())


def test_what_cannot_be_asked_is_told_before_anything_is_sent(played):
    async def one():
        caller = Caller(played.wires)
        try:
            await caller("echo", value="x" * 70_000)
        finally:
            await caller.close()

    with pytest.raises(BadInput, match="larger"):
        run(one())


# -- sights


async def shows(hub, task, number):
    """The sight with another number than this, as long as somebody follows."""
    change = asyncio.create_task(hub.change(number))
    await asyncio.wait([change, task], return_when=asyncio.FIRST_COMPLETED)
    if not change.done():
        change.cancel()
    return hub.sight


def write(file, seen):
    wires.send(file.fileno(), 0, wires.dumped(seen))


def test_sights_are_shown_as_they_come(played):
    async def one():
        hub, looker = hub_of(), played.looker()
        task = asyncio.create_task(follow(hub, played.wires))
        write(looker, kit.SIGHT)
        assert await shows(hub, task, 0) == kit.SIGHT
        write(looker, replace(kit.SIGHT, number=2, machines=(kit.MACHINE,)))
        assert len((await shows(hub, task, 1)).machines) == 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(one())


def test_a_look_that_shows_nothing_new_changes_the_time_and_not_the_number(played):
    async def one():
        hub, looker = hub_of(), played.looker()
        task = asyncio.create_task(follow(hub, played.wires))
        write(looker, kit.SIGHT)
        await shows(hub, task, 0)
        write(looker, Fresh(1, kit.NOW + 30))
        write(looker, Sight(2, kit.NOW + 60))
        seen = []
        while hub.sight.number == 1:
            seen.append(hub.sight)
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return seen

    last = run(one())[-1]
    assert (last.number, last.taken_at) in ((1, kit.NOW), (1, kit.NOW + 30))


def test_fresh_is_shown_on_the_machines_that_are_looked_at_here():
    shown = live.shown(kit.SIGHT, Fresh(1, kit.NOW + 30))
    here, other = shown.machines
    assert here.report is not None
    assert (shown.number, shown.taken_at) == (1, kit.NOW + 30)
    assert here.seen.taken_at == here.report.taken_at == kit.NOW + 30
    assert other is kit.OTHER


def test_numbers_only_grow_also_where_another_looker_counts_anew():
    before = replace(kit.SIGHT, number=7)
    assert live.shown(before, replace(kit.SIGHT, number=1)).number == 8
    assert live.shown(before, replace(kit.SIGHT, number=9)).number == 9


def test_while_nobody_looks_the_sight_says_so_and_keeps_what_was_seen(played):
    async def one():
        hub, first = hub_of(), played.looker()
        task = asyncio.create_task(follow(hub, played.wires))
        write(first, kit.SIGHT)
        await shows(hub, task, 0)
        first.write(wires.frame(0, bytes(1000))[:500])  # it is killed in the middle of the next
        first.close()
        away = await shows(hub, task, 1)
        second = played.looker()
        write(second, kit.SIGHT)
        back = await shows(hub, task, away.number)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return away, back

    away, back = run(one())
    assert away.troubles == (live.AWAY,)
    assert away.machines == kit.SIGHT.machines
    assert (away.number, back.number, back.troubles) == (2, 3, ())


def test_lookers_that_end_again_and_again_are_one_trouble(played):
    async def one():
        hub = hub_of()
        task = asyncio.create_task(follow(hub, played.wires))
        for _ in range(3):
            played.looker().close()
        await shows(hub, task, 0)
        played.sights.close()
        await task
        return hub

    hub = run(one())
    assert hub.closed
    assert [one for one in hub.sight.troubles if one == live.AWAY] == [live.AWAY]
    assert NOTHING.troubles[0] in hub.sight.troubles


def test_the_end_of_the_supervisor_closes_the_hub(played):
    async def one():
        hub = hub_of()
        task = asyncio.create_task(follow(hub, played.wires))
        waiting = asyncio.create_task(hub.change(0))
        await asyncio.sleep(0)
        played.sights.close()
        await task
        assert (await waiting).number == 0
        assert hub.closed

    run(one())

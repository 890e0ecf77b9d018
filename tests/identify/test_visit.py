"""Visits run rounds over real connections, hold none while they wait, and share places without blocking each other."""

from __future__ import annotations

import asyncio

import pytest
from tests.peers import repeats, says_nothing, serving

from hb_engine.identify.carrier import LISTENS, WAITS
from hb_engine.identify.jobs import Jobs
from hb_engine.identify.kit import Ask, Peer, Probe, Reconnect
from hb_engine.identify.loading import Library, Module
from hb_engine.identify.question import Question, Settings
from hb_engine.identify.rounds import Later, Round
from hb_engine.identify.visit import Slots, Visit, Wires, together
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.carrier import Outcome

SETTINGS = Settings(wait=0.2, talk=1.0)
LIBRARY = Library([])


class Steps:
    """A strategy whose rounds were written down before."""

    def __init__(self, port, build, transport="tcp") -> None:
        self.question = Question(transport, "127.0.0.1", port)
        self.jobs = Jobs(LIBRARY, SETTINGS, lambda tls: Peer("tcp", "h", port, b"n" * 16, tls))
        self.outcomes: dict[str, Outcome] = {}
        self.broken_off = 0
        self._build = build

    def steps(self):
        yield from self._build(self)

    def round(self, *jobs, lanes=1, purse=None):
        return Round(jobs, self._told, lanes=lanes, purse=purse)

    def _told(self, this, job, outcome):
        self.outcomes[job.label] = outcome
        if outcome.identity:
            this.stop()

    def lost(self, account):
        self.broken_off += account.connections

    def ask(self, name, talk, **more):
        return self.jobs.ask(Module(name, Probe(name), talk), False, **more)


def visit(peer, build, parallel=10, per_host=4, serve=serving.tcp):
    """Go through all of a visit; how often it wanted to wait for others is told with it."""

    async def all_of_it(port):
        steps = Steps(port, build)
        visit = Visit(steps, Wires(Slots(parallel, per_host, 4, 4), SETTINGS, abrupt=False))  # type: ignore[arg-type]
        later = 0
        while await visit.go_on():
            later += 1
            assert visit._kept is None
        assert visit.seconds >= 0
        return steps, later

    with serve(peer) as seen:
        steps, later = asyncio.run(all_of_it(seen.port))
    return steps.outcomes, later, seen


def _says(word):
    def talk(peer):
        return Identity((yield Ask(word)).decode())

    return talk


def _greets(connection):
    connection.send(b"hello\r\n")
    connection.send(b"you said " + connection.receive())
    connection.drain()


def test_an_outcome_counts_what_it_cost():
    def build(steps):
        yield steps.round(steps.ask("one", _says(b"this")))

    outcomes, _, seen = visit(repeats.peer, build)
    one = outcomes["one"]
    assert one.identity == Identity("this")
    assert (one.sent, one.received, one.connections) == (4, 4, 1)
    assert one.rtt > 0
    assert seen.received == b"this"


def test_a_connection_that_was_kept_is_gone_on_with():
    def build(steps):
        yield steps.round(steps.jobs.listen(keep=True))
        heard = steps.outcomes["listen"].turns[0].reply
        yield steps.round(steps.ask("greeted", _both, kept=True, unread=heard))

    outcomes, _, seen = visit(_greets, build)
    assert outcomes["greeted"].identity == Identity("hello\r\nyou said this")
    assert seen.connections == 1
    assert outcomes["greeted"].connections == 0


def _both(peer):
    first = yield Ask(until=b"\r\n")
    second = yield Ask(b"this", until=b"this")
    return Identity((first + second).decode())


def test_without_a_kept_one_a_fresh_one_is_used():
    def build(steps):
        yield steps.round(steps.ask("fresh", _both, kept=True, unread=b"old"))

    outcomes, _, seen = visit(_greets, build)
    assert outcomes["fresh"].identity == Identity("hello\r\nyou said this")
    assert seen.connections == 1


@pytest.mark.slow
def test_a_kept_connection_is_let_go_where_the_next_round_does_not_want_it():
    def build(steps):
        yield steps.round(steps.jobs.listen(keep=True))
        yield steps.round(steps.ask("fresh", _says(b"x")))

    _, _, seen = visit(says_nothing.peer, build, per_host=1)
    assert seen.connections == 2


@pytest.mark.slow
def test_waiting_for_others_keeps_nothing():
    def build(steps):
        yield steps.round(steps.jobs.listen(keep=True))
        yield Later()
        yield steps.round(steps.ask("kept", _says(b"x"), kept=True))

    _, later, seen = visit(says_nothing.peer, build)
    assert later == 1
    assert seen.connections == 2


def test_who_knows_it_stops_the_others():
    def build(steps):
        silent = [steps.ask(f"silent {number}", _waits) for number in range(3)]
        yield steps.round(*silent, steps.ask("knows", _says(b"yes")), steps.ask("late", _says(b"no")), lanes=4)

        broken_off.append(steps.broken_off)

    broken_off: list[int] = []
    outcomes, _, seen = visit(_answers_yes, build)
    assert set(outcomes) == {"knows"}
    assert sum(broken_off) + 1 == seen.connections


def _waits(peer):
    yield Ask(b"wait", until=b"never", wait=60.0)


def _answers_yes(connection):
    if connection.receive() == b"yes":
        connection.send(b"yes")
    connection.drain()


@pytest.mark.slow
@pytest.mark.parametrize("per_host", [1, 2, 4])
def test_places_are_never_taken_twice(per_host):
    """A visit that wants more lanes than the host has places gets through all the same."""
    open_now, most = set(), []

    def counts(connection):
        open_now.add(connection)
        most.append(len(open_now))
        try:
            connection.drain()
        finally:
            open_now.discard(connection)

    def build(steps):
        yield steps.round(steps.jobs.listen(keep=True))
        yield steps.round(*[steps.ask(f"job {n}", _reconnects, kept=n == 0) for n in range(6)], lanes=4)

    outcomes, _, _ = visit(counts, build, per_host=per_host)
    assert len(outcomes) == 7
    # A server's thread may see the end of a connection after the beginning of the one that replaced it.
    assert max(most) <= 2 * per_host


def _reconnects(peer):
    yield Ask(b"x", wait=0.01)
    yield Reconnect()
    yield Ask(b"y", wait=0.01)


def test_nobody_there():
    def build(steps):
        yield steps.round(steps.ask("one", _says(b"x")))

    async def all_of_it():
        with serving.tcp(says_nothing.peer) as seen:
            pass
        steps = Steps(seen.port, build)
        await Visit(steps, Wires(Slots(4, 4, 4, 4), SETTINGS, abrupt=False)).go_on()  # type: ignore[arg-type]
        return steps.outcomes["one"]

    outcome = asyncio.run(all_of_it())
    assert outcome.refused == "refused"
    assert not outcome.spoke


def test_a_place_is_given_back_by_who_is_cancelled_while_waiting():
    async def scene():
        slots = Slots(1, 4, 4, 4)
        first = await slots.take("a", "")
        waiting = asyncio.create_task(slots.take("a", ""))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        for place in first:
            place.release()
        taken = [await slots.take("b", WAITS)]
        return len(taken)

    assert asyncio.run(scene()) == 1


def test_each_kind_of_job_has_its_own_places():
    async def scene():
        slots = Slots(9, 1, 2, 3)
        taken = [await slots.take("a", kind) for kind in ("", WAITS, WAITS, LISTENS, LISTENS, LISTENS)]
        waiting = [asyncio.create_task(slots.take("a", kind)) for kind in ("", WAITS, LISTENS)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        other = await slots.take("b", "")
        for places in (*taken, other):
            for place in places:
                place.release()
        await asyncio.gather(*waiting)

    asyncio.run(scene())


def test_together_raises_what_one_raised_and_ends_the_others():
    ended = []

    async def fails():
        raise KeyError("x")

    async def waits():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def scene():
        await together([asyncio.create_task(waits()), asyncio.create_task(fails())])

    with pytest.raises(KeyError):
        asyncio.run(scene())
    assert ended == [True]

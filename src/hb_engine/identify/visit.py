"""One port's visit: the rounds that its strategy wants, run over connections that everybody shares fairly.

A visit holds at most one connection while it waits for nothing: the one that a job left open for the next. It is let go
before another is waited for, so that visits of one host cannot wait for each other. It refuses to look at what is said.
"""

from __future__ import annotations

from hb_engine.identify import care
from hb_engine.identify.carrier import LISTENS, WAITS, Outcome, Turn, carry
from hb_engine.identify.datagram import Datagrams
from hb_engine.identify.kit import Reply
from hb_engine.identify.rounds import Later
from hb_engine.identify.stream import Account, Stream
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from asyncio import Semaphore
    from collections.abc import Iterator

    from hb_engine.identify.carrier import Job
    from hb_engine.identify.question import Settings
    from hb_engine.identify.rounds import Round
    from hb_engine.identify.strategy import Strategy


class Slots:
    """How many connections there may be: over all, and to one host, of each kind of job its own number."""

    def __init__(self, parallel: int, per_host: int, waiting: int, listeners: int) -> None:
        from asyncio import Semaphore

        self._semaphore = Semaphore
        self._all = Semaphore(parallel)
        self._sizes = {"": per_host, WAITS: waiting, LISTENS: listeners}
        self._hosts: dict[tuple[str, str], Semaphore] = {}

    async def take(self, address: str, kind: str) -> tuple[Semaphore, Semaphore]:
        """Wait for a connection's place; release both when it is closed."""
        host = self._hosts.get((address, kind))
        if host is None:
            host = self._hosts[address, kind] = self._semaphore(self._sizes[kind])
        await host.acquire()
        try:
            await self._all.acquire()
        except BaseException:
            host.release()
            raise
        return host, self._all


class Wires:
    """What visits share."""

    def __init__(self, slots: Slots, settings: Settings, *, abrupt: bool) -> None:
        self.slots, self.settings, self.abrupt = slots, settings, abrupt


class Line:
    """A connection, or a socket, with the place that it takes."""

    def __init__(self, wire: Stream | Datagrams, places: tuple[Semaphore, ...]) -> None:
        self.wire, self._places = wire, places

    def close(self) -> None:
        """Let go of both."""
        self.wire.close()
        for place in self._places:
            place.release()
        self._places = ()


async def together(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for all tasks; if one raises, or we are cancelled, the others are cancelled, and that goes on as it is."""
    import asyncio

    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ended:
        if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
            raise end


class Visit:
    """One question on its way. `seconds` is how long it was worked on, waiting for a place included."""

    def __init__(self, strategy: Strategy, wires: Wires) -> None:
        self.strategy, self.wires = strategy, wires
        self.question = strategy.question
        self.seconds = 0.0
        self._steps: Iterator[Round | Later] = strategy.steps()
        self._kept: Line | None = None

    async def go_on(self) -> bool:
        """Run rounds until the strategy is through (False) or wants the others to have their turn (True)."""
        import asyncio

        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            for step in self._steps:
                if isinstance(step, Later):
                    return True
                if not step.on_kept:
                    self._let_go()
                await self._run(step)
            return False
        finally:
            self._let_go()
            self.seconds += clock() - began

    async def _run(self, this: Round) -> None:
        """The lanes of a round, until it is over or none has anything left to do."""
        import asyncio

        if this.lanes == 1 or len(this) == 1:
            await self._lane(this, [])
            return
        lanes: list[asyncio.Task[None]] = []
        lanes += [asyncio.create_task(self._lane(this, lanes)) for _ in range(min(this.lanes, len(this)))]
        await together(lanes)

    async def _lane(self, this: Round, lanes: list[asyncio.Task[None]]) -> None:
        import asyncio

        while (job := this.take()) is not None:
            outcome, seconds = await self._carry(job)
            this.tell(job, outcome, seconds)
            if this.over:
                me = asyncio.current_task()
                for lane in lanes:
                    if lane is not me:
                        lane.cancel()
                return

    async def _carry(self, job: Job) -> tuple[Outcome, float]:
        """A job over the connection that was kept, or over one of its own; and the seconds that this took."""
        import asyncio

        clock = asyncio.get_running_loop().time
        account = Account()
        line, self._kept = (self._kept, None) if job.kept else (None, self._kept)
        if line is not None and not line.wire.usable:
            line.close()
            line = None
        fresh = line is None
        if line is None:
            places = await self.wires.slots.take(self.question.address, job.place)
            line = Line(self._wire(account), places)
        began = clock()
        kept = False
        try:
            line.wire.account = account
            outcome = await self._talk(job, line.wire, account, clock() + job.seconds, fresh=fresh)
            kept = job.keep and line.wire.usable
        except asyncio.CancelledError:  # it was broken off, and cost something all the same
            self.strategy.lost(account)
            raise
        finally:
            if not kept:
                line.close()
        if kept:
            self._let_go()
            self._kept = line
        outcome = replace(outcome, sent=account.sent, received=account.received, connections=account.connections)
        return outcome, clock() - began

    async def _talk(
        self, job: Job, wire: Stream | Datagrams, account: Account, deadline: float, *, fresh: bool
    ) -> Outcome:
        if not fresh:
            wire.unread(job.unread)
            return await carry(job, wire, account, deadline)
        for number, offer in enumerate(job.offers):
            why = await wire.open(min(deadline, self._until(job, wire)))
            if why:
                return Outcome(refused=why)
            if not job.tls or not isinstance(wire, Stream):
                break
            tls = await wire.start_tls(offer, min(deadline, self._until(job, wire)))
            endpoint = wire.endpoint
            if tls is not None and endpoint is not None and endpoint.done:
                break
            if endpoint is None or not endpoint.wants_no_alpn or number == len(job.offers) - 1:
                head = endpoint.head if endpoint else b""
                ended = "silent" if "silent" in (endpoint.problem if endpoint else "") else "closed"
                turn = Turn(b"\x16\x03", Reply.of(head[:8192], ended))
                return Outcome(turns=(turn,), tls=tls, plain=endpoint is not None and endpoint.plain, rtt=wire.rtt)
        return await carry(job, wire, account, deadline)

    def _wire(self, account: Account) -> Stream | Datagrams:
        question = self.question
        place = (question.address, question.port, question.host or question.address)
        if question.transport == "udp":
            tries = care.tries("udp", question.port, self.wires.settings.udp_tries)
            return Datagrams(place, account, tries)
        return Stream(place, account, self.wires.settings.connection_bytes, abrupt=self.wires.abrupt)

    def _until(self, job: Job, wire: Stream | Datagrams) -> float:
        """Till when a connection or a handshake may take."""
        import asyncio

        rtt = wire.rtt or self.question.rtt or 0.0
        wait = job.shake or job.first or job.wait
        return asyncio.get_running_loop().time() + max(
            wait(rtt), 4 * rtt, self.wires.settings.wait if not wire.rtt else 0
        )

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

"""Carries a talk: over TCP, over TLS on TCP, over UDP, always with an end in time, in bytes and in turns.

One connection or socket belongs to one talk at a time. Whatever a peer does, a reply has at most kit.LIMIT bytes, a
connection reads at most Limits.connection_bytes, a talk lasts at most Job.seconds, and a byte now and then extends
nothing. What a talk does wrong is told in its Outcome and ends only itself. It refuses to verify, to log in, to follow
and to send anything of its own but the TLS handshake that was asked for.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Reconnect, Reply, StartTls
from hb_engine.model.identity import Identity, Tls
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any, TypeAlias

    from hb_engine.identify.datagram import Datagrams
    from hb_engine.identify.kit import Command
    from hb_engine.identify.stream import Account, Stream

    Carried: TypeAlias = "Generator[Command, Any, Any]"  # a Talk, or one that gives something else than an identity
    Patience: TypeAlias = "Callable[[float], float]"  # seconds to wait, from the round trip's seconds

TURNS = 100  # commands of one talk
FRESH = 8  # connections of one talk
KEPT = 6  # turns of a talk that its outcome keeps
KEPT_BYTES = 8192  # of each of them
WAITS, LISTENS = "waits", "listens"  # kinds of jobs: no answer is expected; nothing is asked, or only with patience


def _plenty(_rtt: float) -> float:
    return 2.0


@record
class Job:
    """One talk to be carried. `wait` is for one answer, from the measured round trip; `seconds` is for all of them.

    first: the same for the first answer, where it may be shorter. shake: for a connection or a handshake. quiet: once
    something came, a pause of so many seconds ends the reply. offers: lists of TLS protocol ids, tried in order while
    the server refuses them. kept: use the connection that an earlier job left open, with `unread` put back before what
    it says next. keep: leave it open.
    """

    label: str
    talk: Carried
    tls: bool = False
    offers: tuple[tuple[str, ...], ...] = ((),)
    wait: Patience = _plenty
    first: Patience | None = None
    shake: Patience | None = None
    capped: bool = False  # a talk that wants to wait longer may not
    quiet: float = 0.0
    seconds: float = 10.0
    kept: bool = False
    keep: bool = False
    unread: bytes = b""
    place: str = ""  # which places it takes one of: WAITS or LISTENS, of which there are more, or the usual ones


@record
class Turn:
    """A question of a talk and what came back, cut to what is worth keeping. `chunks` tells a drip from a flow."""

    sent: bytes
    reply: Reply
    chunks: int = 0


@record
class Outcome:
    """How a job went. `refused` is empty if there was a connection; `broke` if the talk kept its contract."""

    identity: Identity | None = None
    result: object = None  # what the talk returned, where that is no identity
    turns: tuple[Turn, ...] = ()
    tls: Tls | None = None
    plain: bool = False  # TLS was wanted, and the answer was none: the turn has it
    refused: str = ""
    broke: str = ""
    rtt: float | None = None
    sent: int = 0
    received: int = 0
    connections: int = 0

    @property
    def spoke(self) -> bool:
        """Whether a byte of the service itself came, or of its TLS."""
        return self.received > 0


class Carrying:
    """The state of one job: the talk, its connection, and what is noted for the outcome."""

    def __init__(self, job: Job, line: Stream | Datagrams, account: Account, deadline: float) -> None:
        self.job, self.line, self.account, self.deadline = job, line, account, deadline
        self.turns: list[Turn] = []
        self.result: object = None
        self.broke = ""

    async def run(self) -> None:
        """The talk from its first command to its last. Whatever it raises is noted as its own fault."""
        reply: Any = None
        fresh = 0
        for _ in range(TURNS):
            try:
                command = self.job.talk.send(reply)
                fresh += isinstance(command, Reconnect)
                if fresh > FRESH:
                    break
                reply = await self._do(command)  # which runs the talk's own `until`
            except StopIteration as end:
                self.result = end.value
                return
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001  a fault of a probe must cost no more than this probe
                self.broke = _fault(error)
                self.job.talk.close()
                return
        self.broke = "the talk does not come to an end"
        self.job.talk.close()

    async def _do(self, command: Command) -> Reply | Tls | bool | None:
        if isinstance(command, Ask):
            return await self._ask(command)
        if isinstance(command, StartTls):
            tls = await self.line.start_tls(command.alpn, self.deadline, "starttls")
            return tls if tls and not tls.problem else None
        if isinstance(command, Reconnect):
            return not await self.line.reopen(self.deadline)
        raise TypeError(f"a talk may not yield {type(command).__name__}")

    async def _ask(self, ask: Ask) -> Reply:
        rtt = self.line.rtt
        usual = self.job.first if self.job.first and not any(turn.reply for turn in self.turns) else self.job.wait
        wait = usual(rtt) if ask.wait is None else min(ask.wait, usual(rtt)) if self.job.capped else ask.wait
        reply, chunks = await self.line.exchange(ask, wait, self.deadline, self.job.quiet)
        if len(self.turns) < KEPT:
            kept = reply if len(reply) <= KEPT_BYTES else Reply.of(reply[:KEPT_BYTES], reply.ended)
            self.turns.append(Turn(ask.send[:KEPT_BYTES], kept, chunks))
        return reply


async def carry(job: Job, line: Stream | Datagrams, account: Account, deadline: float) -> Outcome:
    """Carry a talk over an open line, and tell how it went. The line is left open."""
    carrying = Carrying(job, line, account, deadline)
    await carrying.run()
    result = carrying.result
    return Outcome(
        identity=result if isinstance(result, Identity) else None,
        result=result,
        turns=tuple(carrying.turns),
        tls=line.tls,
        broke=carrying.broke,
        rtt=line.rtt,
    )


def whole(ask: Ask, data: bytes) -> bool:
    """Whether a reply is what the question waits for."""
    if ask.until is None:
        return bool(data)
    return ask.until in data if isinstance(ask.until, bytes) else bool(ask.until(data))


def _fault(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]

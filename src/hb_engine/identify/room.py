"""The one door of the room: open ports go in, what really speaks there comes out, each as soon as it is known.

identify() runs a loop of its own and gives a finding for every question, also after Ctrl-C: what was not asked to its
end is told as such. Two passes: every port gets its turn, and then those that nobody could name are listened to once
more, all at the same time. Connections are bounded over all, to each host, and by the descriptors that this process may
have. It refuses to decide what is asked (strategy.py) and to send a byte itself (carrier.py).
"""

from __future__ import annotations

from hb_engine.identify import care
from hb_engine.identify.fingerprint import describe, fingerprint
from hb_engine.identify.kit import Peer
from hb_engine.identify.loading import load
from hb_engine.identify.question import Finding, Question, Settings
from hb_engine.identify.sense import Heard, judged
from hb_engine.identify.strategy import Host, Strategy
from hb_engine.identify.tally import OWN, TLS_ALONE
from hb_engine.identify.visit import Slots, Visit, Wires, together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hb_engine.identify.loading import Library

SPARE = 64  # descriptors that are left to everybody else
ABRUPT = 3000  # questions, from which on closed connections must not wait (TIME_WAIT) with their ports
HEARD_KEPT = ("listen", "http", "tls")  # the answers that a fingerprint is made of: those that are always asked for


def identify(
    questions: Iterable[Question],
    settings: Settings | None = None,
    *,
    seed: bytes,
    clock: Callable[[], float],
    on_finding: Callable[[Finding], object] | None = None,
    library: Library | None = None,
) -> list[Finding]:
    """Ask all questions; findings are in the order of the questions.

    `seed` is what nonces are made of (fresh random bytes, except in tests), `clock` gives seconds since the epoch.
    `on_finding` is called once for each finding, when it is known; the list that is returned may take a claim back,
    where all ports of a host together speak against it. Ctrl-C ends the asking, not the program.
    """
    import asyncio

    room = Room(questions, settings or Settings(), seed=seed, clock=clock, on_finding=on_finding, library=library)

    async def all_of_it() -> None:
        try:
            await room.run()
        except asyncio.CancelledError:
            return  # Ctrl-C: asyncio.Runner cancels once, and what is known is worth telling

    with asyncio.Runner() as runner:
        runner.run(all_of_it())
    return room.findings()


async def identify_here(
    questions: Iterable[Question],
    settings: Settings | None = None,
    *,
    seed: bytes,
    clock: Callable[[], float],
    on_finding: Callable[[Finding], object] | None = None,
    library: Library | None = None,
) -> list[Finding]:
    """As identify, in a loop that runs already. Cancelled, it lets go of every connection and passes that on."""
    room = Room(questions, settings or Settings(), seed=seed, clock=clock, on_finding=on_finding, library=library)
    await room.run()
    return room.findings()


class Room:
    """All questions of one call, and what became of them."""

    def __init__(
        self,
        questions: Iterable[Question],
        settings: Settings,
        *,
        seed: bytes,
        clock: Callable[[], float],
        on_finding: Callable[[Finding], object] | None = None,
        library: Library | None = None,
    ) -> None:
        self.questions = tuple(questions)
        self.settings = settings
        self.library = library or load()
        self._seed, self._clock, self._on_finding = seed, clock, on_finding
        self._known: dict[int, Heard] = {}
        self._visits: dict[int, Visit] = {}
        self._nonces = 0
        self._open: dict[str, set[int]] = {}
        self._hosts: dict[str, Host] = {}
        for question in self.questions:
            if question.transport == "tcp":
                self._open.setdefault(question.address, set()).add(question.port)

    async def run(self) -> None:
        """Both passes. May be cancelled at any time; findings() tells what is known then."""
        wires = Wires(
            Slots(
                min(self.settings.parallel, descriptors()),
                self.settings.per_host,
                self.settings.waiting,
                self.settings.listeners,
            ),
            self.settings,
            abrupt=len(self.questions) >= ABRUPT,
        )
        turns = interleaved(self.questions)
        for index in turns:
            self._visits[index] = Visit(self._strategy(self.questions[index]), wires)
        await self._pass([index for index in turns if index not in self._known])
        late = [index for index in turns if index not in self._known]
        await self._pass(late, last=True)

    def findings(self) -> list[Finding]:
        """A finding for each question, in order."""
        heard = [self._known.get(index) or self._heard(index, complete=False) for index in range(len(self.questions))]
        return judged(heard)

    async def _pass(self, indexes: list[int], *, last: bool = False) -> None:
        """Go on with these visits, so many at a time, until each is over or wants to wait for the others."""
        import asyncio

        waiting = iter(indexes)
        width = len(indexes) if last else self.settings.parallel

        async def work() -> None:
            for index in waiting:
                if not await self._goes_on(self._visits[index]):
                    self._report(index)

        if indexes:
            await together([asyncio.create_task(work()) for _ in range(min(width, len(indexes)))])

    async def _goes_on(self, visit: Visit) -> bool:
        """Whether there is more to be asked later. A fault of ours costs this port, not the others."""
        try:
            return await visit.go_on()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001
            visit.strategy.tally.broken(OWN, error)
            return False

    def _report(self, index: int) -> None:
        self._known[index] = self._heard(index, complete=True)
        del self._visits[index]
        if self._on_finding:
            self._on_finding(self._known[index].finding)

    def _heard(self, index: int, *, complete: bool) -> Heard:
        visit = self._visits.get(index)
        if visit is None:
            return Heard(Finding(self.questions[index], complete=False))
        return Heard(self._finding(visit, complete=complete), tuple(visit.strategy.tally.greetings))

    def _finding(self, visit: Visit, *, complete: bool) -> Finding:
        tally, question = visit.strategy.tally, visit.question
        identity = tally.identity()
        notes = list(tally.notes())
        mark = ""
        if tally.spoke and (identity is None or identity.name == TLS_ALONE):
            heard = [(label, reply) for label, reply in tally.heard if label.split()[-1] in HEARD_KEPT]
            mark = fingerprint(heard, (question.host, question.address, *visit.strategy.jobs.nonces))
            inside = "tls " if tally.in_tls else ""
            said = next((reply for label, reply in tally.heard if reply and label.startswith(inside)), None)
            notes += [f"what it says looks like {describe(said)}"] if said is not None and complete else []
        if tally.untouched:
            notes.append(f"nothing was sent, since {tally.untouched}")
        return Finding(
            question,
            identity=identity,
            spoke=tally.spoke,
            silent=tally.connected and not tally.spoke and not tally.gone,
            untouched=bool(tally.untouched),
            wrapped=tally.wrapped,
            unprovable=tally.unprovable if identity is None else "",
            fingerprint=mark,
            notes=tuple(dict.fromkeys(notes)),
            connections=tally.connections,
            sent=tally.sent,
            received=tally.received,
            seconds=visit.seconds,
            complete=complete,
            heard=tally.said() if self.settings.answers else (),
        )

    def _strategy(self, question: Question) -> Strategy:
        def peer(tls: bool) -> Peer:
            host = question.host or question.address
            return Peer(question.transport, host, question.port, self._nonce(), tls, int(self._clock()))

        host = self._hosts.get(question.address)
        if host is None:
            printer = care.prints(self._open.get(question.address, ()))
            host = self._hosts[question.address] = Host(printer=printer)
        host.everything = host.everything or question.everything
        return Strategy(question, self.library, self.settings, host, peer)

    def _nonce(self) -> bytes:
        """Sixteen bytes that nobody else knows and that no two talks share."""
        import hashlib

        self._nonces += 1
        return hashlib.blake2b(self._nonces.to_bytes(8, "big"), key=self._seed[:64], digest_size=16).digest()


def interleaved(questions: Iterable[Question]) -> list[int]:
    """The questions' indexes so that no host gets two turns while another waits for its first."""
    hosts: dict[str, list[int]] = {}
    for index, question in enumerate(questions):
        hosts.setdefault(question.address, []).append(index)
    turns = [(turn, index) for indexes in hosts.values() for turn, index in enumerate(indexes)]
    return [index for _, index in sorted(turns)]


def descriptors() -> int:
    """How many sockets this process may have at once, with some left for others."""
    try:
        import resource
    except ImportError:  # Windows has no such limit for sockets
        return 4096
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(4, soft - SPARE) if soft != resource.RLIM_INFINITY else 65536

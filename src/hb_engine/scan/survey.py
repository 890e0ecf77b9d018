"""A whole scan's sweeping: hosts in groups, TCP and then UDP, by packets where that is allowed, else by connections.

Groups bound the memory and the kernel's neighbour table; within a group all hosts take turns. It identifies nothing and
decides nothing about who may be asked: it is given addresses, and gives outcomes, group by group.
"""

from __future__ import annotations

import sys

from hb_engine.model.errors import CannotLook
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record, replace
from hb_engine.scan import plain
from hb_engine.scan.board import CODES, is_open
from hb_engine.scan.hosts import Outcome, Target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hb_engine.scan.board import Board
    from hb_engine.scan.job import Job
    from hb_engine.scan.ports import Ports
    from hb_engine.scan.sweep import Told

    Opened = Callable[[bytes, str, int], None]
    Watch = Callable[[int, int], None]
    Sweeping = Callable[[Sequence[Outcome], Job], list[Told]]

CELLS = 2_000_000  # of a group at most
HOSTS = 512  # of a group at most: the kernel keeps 1,024 neighbours (net.ipv4.neigh.default.gc_thresh3)
ENGINES = ("auto", "packet", "connect")


@record
class Counted:
    """What the sweeps cost so far, and what they found out about the way."""

    sent: int = 0
    answered: int = 0
    dropped: int = 0
    again: int = 0
    lost: float | None = None
    broken: tuple[str, ...] = ()  # why sweeps ended early

    def plus(self, told: Sequence[Told]) -> Counted:
        """With some sweeps more."""
        losses = [one.loss for one in told if one.loss is not None]
        return Counted(
            self.sent + sum(one.sent for one in told),
            self.answered + sum(one.answered for one in told),
            self.dropped + sum(one.dropped for one in told),
            self.again + sum(one.again for one in told),
            max([*losses, *([] if self.lost is None else [self.lost])], default=None),
            tuple(dict.fromkeys([*self.broken, *[one.broken for one in told if one.broken]])),
        )


def engine(wanted: str) -> tuple[str, Gap | None]:
    """Which engine can be used: packet or connect, and what is missing if it is not the wanted one.

    Raises CannotLook where "packet" was asked for and is not to be had.
    """
    if wanted == "connect":
        return "connect", None
    try:
        _try_packets()
    except CannotLook as error:
        if wanted == "packet":
            raise
        what = "hb connected to each port instead of sending single packets: the same results, more slowly"
        return "connect", Gap("packets of its own making", f"{error.message}; {what}", error.remedy)
    return "packet", None


def _try_packets() -> None:
    if sys.platform != "linux":
        raise CannotLook("packets are built on Linux only", "Use --engine connect.")
    from hb_engine.scan.linux.rings import begin, packet_socket  # Linux only

    begin(packet_socket(3).close)  # which takes the kernel a while


class Survey:
    """A scan of `count` targets; `target(number)` gives each. `job` holds what all sweeps have in common."""

    def __init__(self, count: int, target: Callable[[int], Target], ports: Ports, engine: str, job: Job) -> None:
        self._count, self._target, self._ports, self._job = count, target, ports, job
        self._sweep = plain.sweep if engine == "connect" else _packets()
        self.counted = Counted()
        self.known: dict[bytes, Outcome] = {}  # what an earlier run found out, by address
        self._done = 0

    @property
    def total(self) -> int:
        """How many questions there are, retries not counted."""
        return self._count * self._ports.count // self._job.shard[1]

    def groups(self, now: Callable[[], float], opened: Opened, watch: Watch) -> Iterator[list[Outcome]]:
        """The outcomes of one group after another. `now` is seconds since the epoch. Raises CannotLook."""
        size = max(1, min(HOSTS, CELLS // max(1, self._ports.count)))
        for first in range(0, self._count, size):
            outcomes = [self._outcome(number, now()) for number in range(first, min(first + size, self._count))]
            self._group(outcomes, first, opened, watch)
            for outcome in outcomes:
                outcome.ended_at = now()
            yield outcomes
            if self._job.stop():
                return

    def _outcome(self, number: int, now: float) -> Outcome:
        target = self._target(number)
        return self.known.get(target.address) or Outcome(target, now)

    def _group(self, outcomes: list[Outcome], first: int, opened: Opened, watch: Watch) -> None:
        for transport in ("tcp", "udp"):
            ports = self._ports.of(transport)
            if not ports or self._job.stop():
                continue
            for outcome in outcomes if transport == "udp" else ():
                if outcome.up is False:
                    outcome.rows["udp"] = (ports, bytes([CODES["host-unreach"]]) * len(ports))
            job = replace(
                self._job,
                transport=transport,
                ports=ports,
                first=first,
                watch=lambda settled, _: watch(self._done + settled, self.total),
                known=self._remember,
                opened=lambda board: _tell(board, opened),
            )
            sweep = self._sweep if transport == "tcp" else plain.sweep
            self.counted = self.counted.plus(self._swept(sweep, outcomes, job, opened))
            self._done += len(outcomes) * len(ports) // job.shard[1]
            watch(self._done, self.total)

    def _swept(self, sweep: Sweeping, outcomes: list[Outcome], job: Job, opened: Opened) -> list[Told]:
        """One sweep, or two at the same time where hosts and ports are many."""
        if sweep is not plain.sweep and len(outcomes) > 1:
            from hb_engine.scan import halves  # most scans are of one host

            if halves.worth(len(outcomes), len(job.ports) // job.shard[1]):
                told = halves.sweep(sweep, outcomes, job)
                opened_by_halves(outcomes, opened)
                return told
        return sweep(outcomes, job)

    def _remember(self, board: Board) -> None:
        """Note on a new board what an earlier run found out."""
        for host, address in enumerate(board.hosts):
            outcome = self.known.get(address)
            ports, codes = outcome.rows.get(board.transport, ((), b"")) if outcome else ((), b"")
            for port, code in zip(ports, codes, strict=True):
                if code and board.place[port] >= 0:
                    shape = outcome.shapes.get((board.transport, port)) if outcome else None
                    board.note(host << 16 | port, code, None, shape)
        board.news.clear()


def opened_by_halves(outcomes: Sequence[Outcome], opened: Opened) -> None:
    """Tell of the open ports of those hosts that a child swept: those of the first half were told already."""
    for outcome in outcomes[len(outcomes) // 2 :]:
        ports, codes = outcome.rows.get("tcp", ((), b""))
        for port, code in zip(ports, codes, strict=True):
            if is_open(code):
                opened(outcome.target.address, "tcp", port)


def _tell(board: Board, opened: Opened) -> None:
    for cell in board.news:
        if is_open(board.code(cell)):
            opened(board.hosts[cell >> 16], board.transport, cell & 0xFFFF)
    board.news.clear()


def _packets() -> Callable[[Sequence[Outcome], Job], list[Told]]:
    from hb_engine.scan.linux import engine as packets  # Linux only

    return packets.sweep

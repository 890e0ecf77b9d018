"""Sweeps through the kernel's own sockets: connections for TCP, datagrams for UDP. No privileges, no ways, no frames.

As the packet engine does, it greets first (to measure the round trip, and to see who is there), then sweeps.
"""

from __future__ import annotations

from hb_engine.scan import tricks
from hb_engine.scan.board import CODES, SILENT, UNASKED, Board
from hb_engine.scan.connections import Connections
from hb_engine.scan.datagrams import Datagrams
from hb_engine.scan.order import order
from hb_engine.scan.pace import Limits, Pace
from hb_engine.scan.sweep import Sweep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.scan.hosts import Outcome
    from hb_engine.scan.job import Job
    from hb_engine.scan.sweep import Told

GREETINGS, MANY = 8, 16  # as for packets
SLOWEST = {"tcp": (4_000.0, 5_000.0), "udp": (1_000.0, 2_000.0)}  # packets a second at the start, and blind
WAITS = (0.5, 3.3)  # seconds for a greeting's answer: a host that is gone from its link is known after three
UNREACHABLE = (CODES["host-unreach"], CODES["net-unreach"])


def sweep(outcomes: Sequence[Outcome], job: Job) -> list[Told]:
    """Ask all these hosts. What was found out is in their outcomes. Raises CannotLook."""
    told: list[Told] = []
    for size in (4, 16):
        members = [(number, outcome) for number, outcome in enumerate(outcomes) if len(outcome.target.address) == size]
        if members:
            told += _Plain(members, job, len(outcomes)).run()
    return told


class _Plain:
    """Hosts of one family."""

    def __init__(self, members: list[tuple[int, Outcome]], job: Job, together: int) -> None:
        self._job, self._together = job, together
        self._numbers, self._outcomes = [number for number, _ in members], [outcome for _, outcome in members]
        self._board = Board([outcome.target.address for outcome in self._outcomes], job.ports, job.transport)
        zones = [outcome.target.zone for outcome in self._outcomes]
        self._line: Connections | Datagrams
        if job.transport == "tcp":
            self._line = Connections(self._board, zones, job.clock)
            self._line.patience = WAITS[1]
        else:
            self._line = Datagrams(self._board, zones, job.clock, job.payload)
        self._rtt: float | None = None
        self._left_out: set[int] = set()

    def run(self) -> list[Told]:
        """Greet, sweep, and write down."""
        self._job.known(self._board)
        try:
            self._greet()
            told = self._sweep()
        finally:
            self._line.close()
        for host in range(len(self._outcomes)):
            self._write_down(host, told)
        return told

    def _cells(self, ports: Sequence[int]) -> list[int]:
        mine, place, first = self._job.mine, self._board.place, self._job.first
        return [
            host << 16 | port
            for port in ports
            for host in range(len(self._outcomes))
            if mine(first + self._numbers[host], place[port])
        ]

    def _greet(self) -> None:
        clock, board = self._job.clock, self._board
        for wait in WAITS:
            cells = [cell for cell in self._cells(self._job.ports[:GREETINGS]) if not board.answered(cell >> 16)]
            if not cells or self._job.stop():
                break
            began, settled = clock(), board.settled
            asked = self._line.ask(cells, 0)
            hosts = {cell >> 16 for cell in cells[:asked]}
            while clock() - began < wait and not all(map(board.answered, hosts)) and not self._job.stop():
                self._line.hear(0.01)
                if self._rtt is None and board.settled > settled:
                    self._rtt = clock() - began
        silent = {host for host in range(len(self._outcomes)) if not board.answered(host)}
        if self._together > MANY and not self._job.every_host and self._job.shard == (1, 1):
            self._left_out = silent if self._job.transport == "tcp" else set()
        self._left_out |= {host for host in range(len(self._outcomes)) if self._gone(host)}

    def _gone(self, host: int) -> bool:
        """Whether all that came back says that the host cannot be reached."""
        codes = set(self._board.codes[host]) - {SILENT}
        return bool(codes) and codes <= set(UNREACHABLE)

    def _sweep(self) -> list[Told]:
        job, board = self._job, self._board
        cells = order(len(board.hosts), job.ports, job.seed, job.shard, job.first + min(self._numbers))
        cells = board.silent([cell for cell in cells if cell >> 16 not in self._left_out])
        if not cells:
            return []
        start, blind = SLOWEST[job.transport]
        limits = Limits(min(start, job.limits.start), job.limits.most, min(blind, job.limits.blind))
        pace = Pace(limits, job.clock(), self._rtt, board.heard)
        if isinstance(self._line, Connections):
            self._line.patience = pace.patience

        def watch(settled: int, total: int) -> None:
            job.watch(settled, total)
            if board.news:
                job.opened(board)

        return [Sweep(board, self._line, pace, job.clock, watch=watch, stop=job.stop, most=job.most).run(cells)]

    def _write_down(self, host: int, told: list[Told]) -> None:
        outcome, board = self._outcomes[host], self._board
        gone = self._gone(host)
        if gone:
            code = next(code for code in UNREACHABLE if board.count(host, code))
            board.settle(host, SILENT, code)
            if outcome.up is None:
                outcome.up, outcome.reason = False, "host-unreach"
        elif board.answered(host):
            outcome.up, outcome.reason = True, outcome.reason or "answered"
            outcome.rtt = outcome.rtt or self._rtt
        elif outcome.up is None:
            outcome.reason = "no-response"
            if host in self._left_out:
                board.settle(host, SILENT, UNASKED)
        outcome.rows[self._job.transport] = (board.ports, bytes(board.codes[host]))
        tricks.judge(outcome, self._job.transport)
        rates = [rate for one in told for limited, rate in one.limited if limited == host]
        silent = board.count(host, SILENT)
        if rates and silent and self._job.transport == "udp":
            outcome.notes.append(
                f"this host sends about {rates[0]} ICMP refusals a second and no more: of {silent} silent UDP ports "
                "it is not known which are closed"
            )

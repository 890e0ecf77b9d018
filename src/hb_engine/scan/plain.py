"""Sweeps through the kernel's own sockets: connections for TCP, datagrams for UDP. No privileges, no ways, no frames.

As the packet engine does, it greets first (to measure the round trip, and to see who is there), then sweeps.
"""

from __future__ import annotations

from hb_engine.model.errors import CannotLook
from hb_engine.scan import tricks
from hb_engine.scan.board import LIMITED, MEANINGS, SILENT, UNASKED, Board
from hb_engine.scan.connections import Connections
from hb_engine.scan.datagrams import LINUX, Datagrams
from hb_engine.scan.greeting import Greeting
from hb_engine.scan.hosts import GONE_NOTE, broken_note, limit_note
from hb_engine.scan.order import order
from hb_engine.scan.pace import Limits, Pace
from hb_engine.scan.sweep import Sweep, Told, with_greeting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.scan.hosts import Outcome
    from hb_engine.scan.job import Job

GREETINGS, MANY = 8, 16  # as for packets
SLOWEST = {"tcp": (4_000.0, 5_000.0), "udp": (1_000.0, 2_000.0)}  # packets a second at the start, and blind
WAITS = (0.5, 3.3)  # seconds for a greeting's answer: a host that is gone from its link is known after three


def sweep(outcomes: Sequence[Outcome], job: Job) -> list[Told]:
    """Ask all these hosts, but by UDP none that is known to be down. What was found out is in their outcomes.

    Raises CannotLook.
    """
    told: list[Told] = []
    there = [(n, one) for n, one in enumerate(outcomes) if job.transport == "tcp" or one.up is not False]
    for size in (4, 16):
        members = [(number, outcome) for number, outcome in there if len(outcome.target.address) == size]
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
            self._line = Datagrams(self._board, zones, job.clock, job.payloads)
        rate = min(SLOWEST[job.transport][0], job.limits.start, job.limits.most)
        self._greeting = Greeting(self._board, self._line, rate, job.clock, job.stop)
        self._left_out: set[int] = set()

    def run(self) -> list[Told]:
        """Greet, sweep, and write down. Raises CannotLook where nothing was found out before the device went away."""
        board, told = self._board, list[Told]()
        self._job.known(board)
        before = board.settled
        try:
            self._greet()
            told += self._sweep()
            more = self._line.more if isinstance(self._line, Datagrams) else 0
            told = with_greeting(told, self._greeting.sent + more, board.settled - before)
        except CannotLook as error:
            if board.settled == before:
                raise
            told.append(Told(0, 0, None, stopped=True, broken=error.message))
            board.leave([host << 16 | port for host in range(len(self._outcomes)) for port in board.ports])
        finally:
            self._line.close()
        self._job.opened(board)
        for host in range(len(self._outcomes)):
            self._write_down(host, told)
        return told

    def _number(self, host: int) -> int:
        return self._job.first + self._numbers[host]

    def _new(self, host: int) -> Callable[[int], bool]:
        """Whether nothing is known of a host's port yet."""
        row, place = self._board.codes[host], self._board.place
        return lambda port: row[place[port]] == SILENT

    def _greet(self) -> None:
        """Ask each host for a few ports, and those that stay silent a second time."""
        board, hosts = self._board, range(len(self._outcomes))
        for wait in WAITS:
            waiting = [host for host in hosts if host not in self._greeting.times]
            picks = {host: self._job.first_ports(self._number(host), GREETINGS, self._new(host)) for host in waiting}
            if not any(picks.values()) or self._job.stop():
                break
            self._greeting.greet(picks, wait, lambda _: False)
        silent = {host for host in hosts if not board.answered(host)}
        if self._together > MANY and not self._job.every_host and self._job.shard == (1, 1):
            self._left_out = silent if self._job.transport == "tcp" else set()
        self._left_out |= {host for host in hosts if self._gone(host)}

    def _gone(self, host: int) -> bool:
        """Whether a host is out of reach for certain: nobody on the link answers for it, and it never spoke itself.

        A router or firewall that says so of some ports may know others.
        """
        if self._board.speaks(host):
            return False
        if isinstance(self._line, Connections) and LINUX:
            return host in self._line.no_neighbour
        return bool(self._board.unreachable(host))

    def _sweep(self) -> list[Told]:
        job, board = self._job, self._board
        cells = order(
            len(board.hosts), job.ports, job.seed, job.shard, [self._number(n) for n in range(len(board.hosts))]
        )
        cells = board.silent([cell for cell in cells if cell >> 16 not in self._left_out])
        if not cells:
            return []
        start, blind = SLOWEST[job.transport]
        limits = Limits(min(start, job.limits.start), job.limits.most, min(blind, job.limits.blind))
        rtts = [seconds for host, seconds in self._greeting.times.items() if host not in self._left_out]
        pace = Pace(limits, job.clock(), max(rtts, default=None), board.heard)
        if isinstance(self._line, Connections):
            self._line.patience = pace.patience

        def watch(settled: int, total: int) -> None:
            job.watch(settled, total)
            if board.news:
                job.opened(board)

        least = job.least if job.transport == "udp" else 0
        most = max(job.most, least)
        sweep = Sweep(board, self._line, pace, job.clock, watch=watch, stop=job.stop, most=most, least=least)
        return [sweep.run(cells)]

    def _write_down(self, host: int, told: list[Told]) -> None:
        outcome, board = self._outcomes[host], self._board
        board.leave([host << 16 | port for port in self._job.others(self._number(host))])
        code = board.unreachable(host)
        if board.speaks(host):
            outcome.up, outcome.reason = True, outcome.reason if outcome.up else "answered"
        elif code and not outcome.up:
            board.settle(host, SILENT, code)
            outcome.up = False
            outcome.reason = "no-neighbour" if self._gone(host) and LINUX else MEANINGS[code][1]
        elif outcome.up is None:
            outcome.reason = "no-response"
            if host in self._left_out:
                board.settle(host, SILENT, UNASKED)
        if board.speaks(host):
            outcome.rtt = outcome.rtt or self._greeting.times.get(host)
        outcome.rows[self._job.transport] = (board.ports, bytes(board.codes[host]))
        tricks.judge(outcome, self._job.transport)
        self._note_limits(host, told)

    def _note_limits(self, host: int, told: list[Told]) -> None:
        outcome, udp = self._outcomes[host], self._job.transport == "udp"
        rates = [rate for one in told for limited, rate in one.limited if limited == host]
        left = self._board.count(host, SILENT if udp else LIMITED)
        if rates and left:
            outcome.notes.append(limit_note(max(rates), left, udp=udp))
        if any(host in one.gone for one in told):
            outcome.notes.append(GONE_NOTE)
        if self._board.count(host, UNASKED):
            outcome.notes += [broken_note(one.broken) for one in told if one.broken]

"""The packet engine: hosts into ways, ways into lines, a greeting, and a sweep.

The greeting is a few SYNs through the kernel: it makes the kernel ask for the neighbours' hardware addresses, measures
the way's round trip, and finds out which hosts answer at all. It decides nothing but where to go on: a host that
nobody answers for on its own link is unreachable (the kernel asked for it in vain), one that is silent far away is
either swept all the same or, among many, left out and said so.
"""

from __future__ import annotations

from hb_engine.model.record import replace
from hb_engine.scan import tricks
from hb_engine.scan.board import CODES, LIMITED, SILENT, UNASKED, Board
from hb_engine.scan.cookie import NEEDED, Cookies
from hb_engine.scan.linux.packets import Packets, Ports
from hb_engine.scan.linux.ways import Way, Ways
from hb_engine.scan.order import order
from hb_engine.scan.pace import BLIND, NEAR, Pace
from hb_engine.scan.sweep import Sweep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.scan.hosts import Outcome
    from hb_engine.scan.job import Job
    from hb_engine.scan.sweep import Told

GREETINGS = 8  # SYNs to each host
MANY = 16  # hosts: among more, those that answer no greeting are not swept
NEIGHBOUR = 3.6  # seconds: the kernel asks three times, a second apart
QUICK, SLOW = 0.4, 1.0  # seconds to wait for a greeting's answer: the first and the second time


def sweep(outcomes: Sequence[Outcome], job: Job) -> list[Told]:
    """Ask all these hosts. What was found out is in their outcomes. Raises CannotLook."""
    told: list[Told] = []
    ports = Ports(job.seed)
    try:
        with Ways() as ways:
            for members in _parts(outcomes, ways):
                part = _Part(members, ways, ports, job, len(outcomes))
                told += part.run()
    finally:
        ports.close()
    return told


def _parts(outcomes: Sequence[Outcome], ways: Ways) -> list[list[tuple[int, Outcome, Way]]]:
    """Hosts by device, family and kind of way; those without a way are said to be unreachable."""
    parts: dict[object, list[tuple[int, Outcome, Way]]] = {}
    for number, outcome in enumerate(outcomes):
        target = outcome.target
        way = ways.way(target.address, target.zone)
        if isinstance(way, str):
            outcome.up, outcome.reason = False, way
        else:
            key = (way.device.index, way.framed, len(target.address))
            parts.setdefault(key, []).append((number, outcome, way))
    return list(parts.values())


class _Part:
    """Hosts behind one device."""

    def __init__(
        self, members: list[tuple[int, Outcome, Way]], ways: Ways, ports: Ports, job: Job, together: int
    ) -> None:
        self._numbers = [number for number, _, _ in members]
        self._outcomes = [outcome for _, outcome, _ in members]
        self._ways = [way for _, _, way in members]
        self._asking, self._job, self._together = ways, job, together
        self._board = Board([outcome.target.address for outcome in self._outcomes], job.ports)
        cookies = Cookies(len(members), job.random(NEEDED + 4 * len(members)))
        stamp = int.from_bytes(job.random(4), "big")
        self._line = Packets(self._board, cookies, self._ways, ports, clock=job.clock, stamp=stamp)
        self._rtt: float | None = None
        self._dead: dict[int, str] = {}
        self._hardware: dict[tuple[int, bytes], bytes | None] = {}

    def run(self) -> list[Told]:
        """Greet, sweep, and write down."""
        self._job.known(self._board)
        try:
            hosts = range(len(self._outcomes))
            self._greet([host for host in hosts if not self._board.answered(host)])
            told = self._sweep()
            late = self._late()
            told += self._sweep() if late else []
        finally:
            finish = self._line.close()
        for host in range(len(self._outcomes)):
            self._write_down(host, told)
        finish()
        return told

    def _greet(self, hosts: list[int]) -> None:
        """Ask each host for a few ports, and those that stay silent a second time; the kernel asks the neighbours."""
        clock = self._job.clock
        picks = [self._job.ports[0], *self._job.ports[1:GREETINGS]]
        for wait in (QUICK, SLOW):
            waiting = [host for host in hosts if host not in self._dead and not self._board.answered(host)]
            if not waiting or self._job.stop():
                break
            cells = [
                host << 16 | port
                for port in picks
                for host in waiting
                if self._job.mine(self._job.first + self._numbers[host], self._board.place[port])
            ]
            began, heard = clock(), self._board.settled
            self._line.ask(cells, 0)
            while clock() - began < wait and not self._job.stop():
                self._line.hear(min(0.01, wait))
                if self._rtt is None and self._board.settled > heard:
                    self._rtt = clock() - began
                if all(map(self._board.answered, waiting)):
                    break
                if self._rtt is not None and clock() - began > 0.03 + 6 * self._rtt and self._all_known(waiting):
                    break
        self._neighbours(hosts)

    def _all_known(self, hosts: list[int]) -> bool:
        """Whether every one of these hosts' neighbours is known, one way or the other."""
        if not self._ways[0].framed:
            return True
        self._hardware = self._asking.hardware(self._ways)
        return all(self._key(host) in self._hardware for host in hosts)

    def _key(self, host: int) -> tuple[int, bytes]:
        return self._ways[host].device.index, self._ways[host].hop

    def _neighbours(self, hosts: list[int]) -> None:
        """Hardware addresses for frames. Hosts whose neighbour is not known yet are left for later."""
        if not self._ways[0].framed:
            return
        self._hardware = self._asking.hardware(self._ways)
        for host in hosts:
            hop = self._hardware.get(self._key(host), b"")
            if not hop:
                self._dead[host] = "no-neighbour" if hop is None else "waiting"
        frames = [self._hardware.get(self._key(host)) or bytes(6) for host in range(len(self._outcomes))]
        if len(self._dead) < len(self._outcomes):
            self._line.frame(frames)

    def _late(self) -> bool:
        """Neighbours that took longer than the others' sweep: wait until the kernel has given them up, or has them."""
        waiting = [host for host, why in self._dead.items() if why == "waiting"]
        ends = self._job.clock() + NEIGHBOUR
        while waiting and self._job.clock() < ends and not self._job.stop():
            self._hardware = self._asking.hardware(self._ways)
            if all(self._key(host) in self._hardware for host in waiting):
                break
            self._line.hear(0.05)
        for host in waiting:
            del self._dead[host]
        self._neighbours(waiting)
        for host in waiting:
            if self._dead.get(host) == "waiting":
                self._dead[host] = "no-neighbour"
        return any(host not in self._dead for host in waiting)

    def _sweep(self) -> list[Told]:
        """Ask everything that is not known of hosts that are there."""
        job, board = self._job, self._board
        skipped = self._silent_ones()
        cells = order(len(board.hosts), job.ports, job.seed, job.shard, job.first + min(self._numbers))
        if self._dead or skipped:
            cells = [cell for cell in cells if cell >> 16 not in self._dead and cell >> 16 not in skipped]
        cells = board.silent(cells) if board.settled else cells
        if not cells:
            return []
        limits = job.limits
        if limits.blind == BLIND and all(way.hop == host for way, host in zip(self._ways, board.hosts, strict=True)):
            limits = replace(limits, blind=NEAR)  # hosts on the link
        pace = Pace(limits, job.clock(), self._rtt, board.heard)

        def watch(settled: int, total: int) -> None:
            job.watch(settled, total)
            if board.news:
                job.opened(board)

        return [Sweep(board, self._line, pace, job.clock, watch=watch, stop=job.stop, most=job.most).run(cells)]

    def _silent_ones(self) -> set[int]:
        """Hosts that answered no greeting, where there are too many hosts to sweep silent ones on the off chance."""
        if self._together <= MANY or self._job.every_host or self._job.shard != (1, 1):
            return set()
        near = [way.hop == host for way, host in zip(self._ways, self._board.hosts, strict=True)]
        return {
            host
            for host in range(len(self._outcomes))
            if host not in self._dead and not self._board.answered(host) and not (self._ways[0].framed and near[host])
        }

    def _write_down(self, host: int, told: list[Told]) -> None:
        """What the board has of a host, into its outcome."""
        outcome, board = self._outcomes[host], self._board
        answered = board.answered(host)
        why = self._dead.get(host)
        hop = self._hardware.get(self._key(host))
        if why:
            board.settle(host, SILENT, CODES["host-unreach"])
            outcome.up, outcome.reason = False, why
        elif answered:
            outcome.up, outcome.reason = True, "answered"
        elif self._ways[0].framed and self._ways[host].hop == board.hosts[host] and hop:
            outcome.up, outcome.reason = True, "arp-response" if self._line.version == 4 else "nd-response"
        else:
            outcome.up, outcome.reason = None, "no-response"
            if host in self._silent_ones():
                board.settle(host, SILENT, UNASKED)
        if hop and self._ways[host].hop == board.hosts[host]:
            outcome.mac = hop.hex(":")
        outcome.rtt = self._rtt if answered else None
        outcome.rows["tcp"] = (board.ports, bytes(board.codes[host]))
        for cell in [cell for cell in board.shapes if cell >> 16 == host]:
            outcome.shapes["tcp", cell & 0xFFFF] = board.shapes[cell]
        tricks.judge(outcome)
        self._note_limits(host, told)

    def _note_limits(self, host: int, told: list[Told]) -> None:
        rates = [rate for one in told for limited, rate in one.limited if limited == host]
        left = self._board.count(host, LIMITED)
        if rates and left:
            self._outcomes[host].notes.append(
                f"this host sends about {rates[0]} refusals a second and no more: its open ports are known, of "
                f"{left} silent ones it is not known whether they are closed or filtered"
            )

"""The packet engine: hosts into ways, ways into lines, a greeting, and a sweep.

The greeting is a few SYNs through the kernel: it makes the kernel ask for the neighbours' hardware addresses, measures
the way's round trip, and finds out which hosts answer at all. It decides nothing but where to go on: a host that
nobody answers for on its own link is unreachable (the kernel asked for it in vain), one that is silent far away is
either swept all the same or, among many, left out and said so.
"""

from __future__ import annotations

from hb_engine.model.errors import CannotLook
from hb_engine.model.record import replace
from hb_engine.scan import tricks
from hb_engine.scan.board import CODES, LIMITED, MEANINGS, SILENT, UNASKED, Board
from hb_engine.scan.cookie import NEEDED, Cookies
from hb_engine.scan.greeting import Greeting
from hb_engine.scan.hosts import GONE_NOTE, broken_note, limit_note
from hb_engine.scan.linux.packets import Packets, Ports, Rings
from hb_engine.scan.linux.ways import Way, Ways
from hb_engine.scan.order import order
from hb_engine.scan.pace import BLIND, NEAR, Pace
from hb_engine.scan.sweep import Sweep, Told, with_greeting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hb_engine.scan.hosts import Outcome
    from hb_engine.scan.job import Job

GREETINGS = 8  # SYNs to each host
MANY = 16  # hosts: among more, those that answer no greeting are not swept
NEIGHBOUR = 3.6  # seconds: the kernel asks three times, a second apart
FORBIDDEN = "forbidden"  # by this machine's own firewall, before the neighbour was asked for
QUICK, SLOW = 0.4, 1.0  # seconds to wait for a greeting's answer: the first and the second time


def sweep(outcomes: Sequence[Outcome], job: Job) -> list[Told]:
    """Ask all these hosts. What was found out is in their outcomes. Raises CannotLook."""
    told: list[Told] = []
    ports = Ports(job.seed)
    try:
        with Ways() as ways:
            for members in _parts(outcomes, ways, job.ports):
                part = _Part(members, ways, ports, job, job.together or len(outcomes))
                told += part.run()
    finally:
        ports.close()
    return told


def _parts(outcomes: Sequence[Outcome], ways: Ways, ports: Sequence[int]) -> list[list[tuple[int, Outcome, Way]]]:
    """Hosts by device, family and kind of way; those without a way are said to be unreachable."""
    parts: dict[object, list[tuple[int, Outcome, Way]]] = {}
    for number, outcome in enumerate(outcomes):
        target = outcome.target
        way = ways.way(target.address, target.zone)
        if isinstance(way, str):
            outcome.up, outcome.reason = False, way
            code = CODES["host-unreach" if way == "host-unreach" else "net-unreach"]
            outcome.rows.setdefault("tcp", (ports, bytes([code]) * len(ports)))
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
        addresses = [outcome.target.address for outcome in self._outcomes]
        rings = Rings(self._ways[0], 4 if len(addresses[0]) == 4 else 6, ports, job.cores)
        self._board = Board(addresses, job.ports)
        names = [self._number(number) for number in range(len(addresses))]
        self._cells = order(len(addresses), job.ports, job.seed, job.shard, names)
        cookies = Cookies(len(members), job.random(NEEDED + 4 * len(members)))
        stamp = int.from_bytes(job.random(4), "big")
        self._line = Packets(self._board, cookies, self._ways, ports, clock=job.clock, stamp=stamp, rings=rings)
        self._wanted: list[int] = []  # hosts of which something is not known yet
        rate = min(job.limits.start, job.limits.most)
        self._greeting = Greeting(self._board, self._line, rate, job.clock, job.stop)
        self._dead: dict[int, str] = {}
        self._skipped: set[int] = set()
        self._hardware: dict[tuple[int, bytes], bytes | None] = {}

    def run(self) -> list[Told]:
        """Greet, sweep, and write down. Raises CannotLook where nothing was found out before the device went away."""
        board = self._board
        self._job.known(board)
        self._wanted = [
            host for host in range(len(self._outcomes)) if self._job.first_ports(self._number(host), 1, self._new(host))
        ]
        before, told = board.settled, list[Told]()
        try:
            self._greet(self._wanted)
            told += self._sweep(self._wanted)
            late = self._late()
            told += self._sweep(late) if late else []
            told = with_greeting(told, self._greeting.sent, board.settled - before)
        except CannotLook as error:
            if board.settled == before:
                raise
            told.append(Told(0, 0, None, stopped=True, broken=error.message))
            board.leave([host << 16 | port for host in self._wanted for port in board.ports])
        finally:
            self._line.close()  # which takes the kernel a while, and nobody has to wait for it
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

    def _greet(self, hosts: list[int]) -> None:
        """Ask each host for a few ports, and those that stay silent a second time; the kernel asks the neighbours."""
        for wait in (QUICK, SLOW):
            waiting = [host for host in hosts if host not in self._greeting.times]
            if not waiting or self._job.stop():
                break
            picks = {host: self._job.first_ports(self._number(host), GREETINGS, self._new(host)) for host in waiting}
            self._greeting.greet(picks, wait, self._all_known)
        self._neighbours(hosts)

    def _all_known(self, hosts: list[int]) -> bool:
        """Whether these hosts are all on the link, and their hardware addresses known, one way or the other."""
        if not self._ways[0].framed or not all(map(self._near, hosts)):
            return False  # who is far away may take longer than others
        self._hardware = self._asking.hardware(self._ways)
        return all(self._key(host) in self._hardware for host in hosts)

    def _near(self, host: int) -> bool:
        """Whether a host is on the link, with no gateway before it."""
        return self._ways[host].framed and self._ways[host].hop == self._board.hosts[host]

    def _key(self, host: int) -> tuple[int, bytes]:
        return self._ways[host].device.index, self._ways[host].hop

    def _neighbours(self, hosts: list[int]) -> None:
        """Hardware addresses for frames. Hosts whose neighbour is not known yet are left for later."""
        if not self._ways[0].framed:
            return
        self._hardware = self._asking.hardware(self._ways)
        for host in hosts:
            hop = self._hardware.get(self._key(host), b"")
            if not hop and host in self._line.forbidden:
                self._dead[host] = FORBIDDEN
            elif not hop:
                self._dead[host] = "no-neighbour" if hop is None else "waiting"
        frames = [self._hardware.get(self._key(host)) or bytes(6) for host in range(len(self._outcomes))]
        if len(self._dead) < len(self._outcomes):
            self._line.frame(frames)

    def _late(self) -> list[int]:
        """Neighbours that took longer than the others' sweep: wait until the kernel has given them up, or has them."""
        waiting = [host for host, why in self._dead.items() if why == "waiting"]
        ends = self._job.clock() + NEIGHBOUR
        while waiting and self._job.clock() < ends and not self._job.stop():
            self._hardware = self._asking.hardware(self._ways)
            if all(self._key(host) in self._hardware for host in waiting):
                break
            self._line.hear(0.05)
        there = [host for host in waiting if self._hardware.get(self._key(host))]
        for host in waiting:
            self._dead[host] = "no-neighbour"
        for host in there:
            del self._dead[host]
        self._greet(there)
        return there

    def _sweep(self, hosts: list[int]) -> list[Told]:
        """Ask everything that is not known of some hosts that are there."""
        job, board = self._job, self._board
        skipped = self._silent_ones(hosts)
        self._skipped |= skipped
        there = set(hosts) - self._dead.keys() - skipped
        cells = self._cells
        if len(there) < len(board.hosts):
            cells = [cell for cell in cells if cell >> 16 in there]
        cells = board.silent(cells) if board.settled else cells
        if not cells:
            return []
        limits = job.limits
        if limits.blind == BLIND and all(map(self._near, there)):
            limits = replace(limits, blind=NEAR)
        pace = Pace(limits, job.clock(), max(self._greeting.times.values(), default=None), board.heard)

        def watch(settled: int, total: int) -> None:
            job.watch(settled, total)
            if board.news:
                job.opened(board)

        return [Sweep(board, self._line, pace, job.clock, watch=watch, stop=job.stop, most=job.most).run(cells)]

    def _silent_ones(self, hosts: list[int]) -> set[int]:
        """Hosts that answered no greeting, where there are too many hosts to sweep silent ones on the off chance."""
        if self._together <= MANY or self._job.every_host or self._job.shard != (1, 1):
            return set()
        return {
            host for host in hosts if host not in self._dead and not self._board.answered(host) and not self._near(host)
        }

    def _write_down(self, host: int, told: list[Told]) -> None:
        """What the board has of a host, into its outcome."""
        outcome, board = self._outcomes[host], self._board
        why = self._dead.get(host)
        hop = self._hardware.get(self._key(host))
        board.leave([host << 16 | port for port in self._job.others(self._number(host))])
        if board.speaks(host):
            outcome.up, outcome.reason = True, "answered"
        elif why == FORBIDDEN:
            board.settle(host, SILENT, CODES["admin-prohibited"])
            outcome.up, outcome.reason = None, "admin-prohibited"
            outcome.notes.append("this machine's own firewall lets nobody here ask this host")
        elif why == "no-neighbour":
            board.settle(host, SILENT, CODES["host-unreach"])
            outcome.up, outcome.reason = False, why
        elif self._near(host) and hop:
            outcome.up, outcome.reason = True, "arp-response" if self._line.version == 4 else "nd-response"
        elif code := board.unreachable(host):
            board.settle(host, SILENT, code)
            outcome.up, outcome.reason = False, MEANINGS[code][1]
        elif host in self._wanted or outcome.up is None:
            outcome.up, outcome.reason = None, "no-response"
            if host in self._skipped:
                board.settle(host, SILENT, UNASKED)
        if hop and self._ways[host].hop == board.hosts[host]:
            outcome.mac = hop.hex(":")
        if board.speaks(host):
            outcome.rtt = self._greeting.times.get(host, outcome.rtt)
        outcome.rows["tcp"] = (board.ports, bytes(board.codes[host]))
        for cell in [cell for cell in board.shapes if cell >> 16 == host]:
            outcome.shapes["tcp", cell & 0xFFFF] = board.shapes[cell]
        tricks.judge(outcome)
        self._note_limits(host, told)

    def _note_limits(self, host: int, told: list[Told]) -> None:
        notes, left = self._outcomes[host].notes, self._board.count(host, LIMITED)
        rates = [rate for one in told for limited, rate in one.limited if limited == host]
        if rates and left:
            notes.append(limit_note(max(rates), left, udp=False))
        if any(host in one.gone for one in told):
            notes.append(GONE_NOTE)
        if self._board.count(host, UNASKED):
            notes += [broken_note(one.broken) for one in told if one.broken]

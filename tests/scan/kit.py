"""A network that exists only in numbers: the line under a sweep, with a clock that nobody waits for.

A Net is a virtual clock, a path (round trip, loss each way, a bottleneck with a queue) and hosts behind it (open,
closed and filtered ports, refusals that are limited in one of two ways, an end midway, answers twice). Questions and
answers are events on the clock; asking costs the time that a sender of `speed` packets a second needs. Randomness comes
from a seed, so a run is the same every time.
"""

from __future__ import annotations

import heapq
import random

from hb_engine.model.record import record
from hb_engine.scan.board import CLOSED, CODES, OPEN, Board
from hb_engine.scan.order import order
from hb_engine.scan.pace import Limits, Pace
from hb_engine.scan.sweep import Sweep, Told

UDP = {OPEN: CODES["udp-response"], CLOSED: CODES["port-unreach"]}
TICK = 1e-6  # seconds that hearing takes at least: a clock on which nothing takes time would never go on


@record
class Path:
    """The way: seconds there and back, loss each way, packets a second that a bottleneck passes, and its queue."""

    rtt: float = 0.001
    lost: float = 0.0
    bottleneck: float | None = None
    queue: int = 100
    twice: float = 0.0  # of the answers come a second time
    speed: float = 600_000.0  # packets a second that the sender manages
    room: int = 1 << 14  # answers that wait to be heard at most
    refuses: int | None = None  # packets that the device takes at once


class Host:
    """Ports that are open, those that are filtered (of all others: closed), and how refusals are limited.

    `bucket` is (a second, at once), as of a firewall; `window` is so many in each whole second, as BSD's kernels do.
    """

    def __init__(
        self,
        opened: frozenset[int] = frozenset(),
        filtered: frozenset[int] = frozenset(),
        *,
        bucket: tuple[float, int] | None = None,
        window: int | None = None,
        dies: float | None = None,
    ) -> None:
        self.opened, self.filtered, self.bucket, self.window, self.dies = opened, filtered, bucket, window, dies
        self._tokens, self._last = float(bucket[1]) if bucket else 0.0, 0.0
        self._second, self._said = -1, 0

    def answer(self, port: int, now: float) -> int | None:
        """The code of what it says, if it says anything."""
        if (self.dies is not None and now >= self.dies) or port in self.filtered:
            return None
        if port in self.opened:
            return OPEN
        return CLOSED if self._may_refuse(now) else None

    def _may_refuse(self, now: float) -> bool:
        if self.window is not None:
            if int(now) != self._second:
                self._second, self._said = int(now), 0
            self._said += 1
            return self._said <= self.window
        if self.bucket is None:
            return True
        rate, most = self.bucket
        self._tokens = min(float(most), self._tokens + (now - self._last) * rate)
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Net:
    """The line to some hosts. `board` is what it notes answers on; `asked` counts questions by cell, if wanted."""

    def __init__(self, board: Board, hosts: list[Host], path: Path, seed: int = 0) -> None:
        self.board, self.hosts, self.path = board, hosts, path
        self.now, self.dropped, self.sent = 100.0, 0, 0
        self.asked: dict[int, int] = {}
        self.sizes: list[tuple[float, int]] = []
        self._random = random.Random(seed)  # noqa: S311 -- the same run every time
        self._coming: list[tuple[float, int, int, int]] = []  # answers: when, cell, code, mark
        self._free_at = 0.0  # when the bottleneck is done with all that waits there
        self.overrun = 0  # packets that the bottleneck had no room for

    def clock(self) -> float:
        """Seconds of the virtual clock."""
        return self.now

    def ask(self, cells: list[int], mark: int) -> int:
        """Send for these cells; the clock goes on as long as that takes."""
        if self.path.refuses is not None:
            cells = cells[: self.path.refuses]
        step = 1 / self.path.speed
        for cell in cells:
            self.now += step
            self.asked[cell] = self.asked.get(cell, 0) + 1
            self._travel(cell, mark)
        self.sent += len(cells)
        return len(cells)

    def _travel(self, cell: int, mark: int) -> None:
        path, chance = self.path, self._random.random
        there = self.now
        if path.bottleneck:
            wait = max(0.0, self._free_at - self.now)
            if wait * path.bottleneck >= path.queue:
                self.overrun += 1
                return
            self._free_at = there = self.now + wait + 1 / path.bottleneck
        if path.lost and chance() < path.lost:
            return
        code = self.hosts[cell >> 16].answer(cell & 0xFFFF, there + path.rtt / 2)
        if code is None or (path.lost and chance() < path.lost):
            return
        code = UDP.get(code, code) if self.board.transport == "udp" else code
        heapq.heappush(self._coming, (there + path.rtt, cell, code, mark))
        if path.twice and chance() < path.twice:
            heapq.heappush(self._coming, (there + path.rtt * 1.5, cell, code, mark))

    def hear(self, wait: float) -> None:
        """Note what has come; with nothing there, wait for the first."""
        if wait and (not self._coming or self._coming[0][0] > self.now):
            ends = self.now + max(wait, TICK)
            self.now = min(ends, self._coming[0][0]) if self._coming else ends
        room = self.path.room
        while self._coming and self._coming[0][0] <= self.now:
            _, cell, code, mark = heapq.heappop(self._coming)
            if room <= 0:
                self.dropped += 1
                continue
            room -= 1
            self.board.note(cell, code, mark)
            self.board.last_heard = self.now


class Run:
    """A sweep over a simulated network, from beginning to end."""

    def __init__(
        self,
        hosts: list[Host],
        ports: list[int],
        path: Path,
        *,
        seed: int = 1,
        limits: Limits | None = None,
        rtt: float | None = None,
        transport: str = "tcp",
        greeted: int = 0,
        **wishes,
    ) -> None:
        addresses = [bytes([10, 0, number >> 8, number & 255]) for number in range(len(hosts))]
        self.board = Board(addresses, ports, transport)
        self.net = Net(self.board, hosts, path, seed)
        self.hosts, self.ports = hosts, ports
        if greeted:
            self.net.ask([host << 16 | port for port in ports[:greeted] for host in range(len(hosts))], 0)
            self.net.now += path.rtt * 2
            self.net.hear(0)
        self.began = self.net.now
        self.pace = Pace(limits or Limits(), self.net.now, path.rtt if rtt is None else rtt, self.board.heard)
        self.sweep = Sweep(self.board, self.net, self.pace, self.net.clock, **wishes)
        self.cells = self.board.silent(order(len(hosts), ports, seed))
        self.told: Told = self.sweep.run(self.cells)

    @property
    def seconds(self) -> float:
        """How long it took, by the virtual clock."""
        return self.net.now - self.began

    def missed(self) -> list[tuple[int, int]]:
        """Open ports that were not found."""
        return [
            (number, port)
            for number, host in enumerate(self.hosts)
            for port in sorted(host.opened)
            if self.board.place[port] >= 0 and self.board.code(number << 16 | port) != OPEN
        ]

    def called(self, code: int) -> set[tuple[int, int]]:
        """The host and port of every cell with a code."""
        return {(host, cell & 0xFFFF) for host in range(len(self.hosts)) for cell in self.board.cells_with(host, code)}

    def invented(self) -> set[tuple[int, int]]:
        """What is called open or closed and is not: a false word, whatever the network did."""
        wrong = {one for one in self.called(OPEN) if one[1] not in self.hosts[one[0]].opened}
        return wrong | {
            (host, port)
            for host, port in self.called(CLOSED)
            if port in self.hosts[host].opened or port in self.hosts[host].filtered
        }


def spread(count: int, among: list[int], seed: int) -> frozenset[int]:
    """So many of some ports, chosen by a seed."""
    return frozenset(random.Random(seed).sample(among, count))  # noqa: S311 -- as above

"""What a sweep is to do, for all engines: ports, pace, shard, and whom to tell."""

from __future__ import annotations

from hb_engine.model.record import record
from hb_engine.scan.pace import Limits
from hb_engine.scan.sweep import MOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.scan.board import Board

    Clock = Callable[[], float]
    Random = Callable[[int], bytes]
    Watch = Callable[[int, int], None]
    Stop = Callable[[], bool]
    Told = Callable[[Board], None]
    Payloads = Callable[[int], tuple[bytes, ...]]


@record
class Job:
    """What a sweep is to do. `random(n)` gives n random bytes; `clock` is monotonic seconds.

    `first` is the number of the first host in the whole scan, for shards. `known(board)` notes what an earlier run
    found out; `opened(board)` is told of a board whose `news` has open cells; `payloads(port)` are
    what UDP sends there, by turns, and `least` how many turns silence gets.
    """

    transport: str
    ports: tuple[int, ...]
    limits: Limits
    seed: int
    clock: Clock
    random: Random
    shard: tuple[int, int] = (1, 1)
    first: int = 0
    every_host: bool = False
    cores: int = 2  # for sending, where one process has them all
    together: int = 0  # hosts that are asked together, where these are but a part of them
    watch: Watch = lambda *_: None
    stop: Stop = lambda: False
    known: Told = lambda _: None
    opened: Told = lambda _: None
    payloads: Payloads = lambda _: (b"",)
    least: int = 0
    most: int = MOST

    def mine(self, host: int, place: int) -> bool:
        """Whether the cell of a host's number in the whole scan and a port's place is in this shard."""
        part, parts = self.shard
        return parts == 1 or (host * len(self.ports) + place) % parts == part - 1

    def first_ports(self, host: int, most: int, wanted: Callable[[int], bool]) -> list[int]:
        """The first ports of a host (its number in the whole scan) that are in this shard and wanted, so many."""
        found: list[int] = []
        for place, port in enumerate(self.ports):
            if self.mine(host, place) and wanted(port):
                found.append(port)
                if len(found) == most:
                    break
        return found

    def others(self, host: int) -> list[int]:
        """The ports of a host that are in other shards."""
        return [] if self.shard[1] == 1 else [p for place, p in enumerate(self.ports) if not self.mine(host, place)]

"""What is known of every (host, port) so far: one byte each, and nothing that is asked twice without need.

A cell is a host's index and a port in one integer: host << 16 | port. Full state, and not the statelessness of
scanners for the whole Internet, because one's own network has few cells: an answer counts once, only what is silent is
asked again, and closed, filtered and silent stay three different things. It knows no sockets and no time but what it
is told.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SILENT, OPEN, CLOSED = 0, 1, 2
# code -> (state, reason). TCP and UDP differ in what an ICMP port-unreachable means: see `UDP_MEANINGS`.
MEANINGS: dict[int, tuple[str, str]] = {
    SILENT: ("filtered", "no-response"),
    OPEN: ("open", "syn-ack"),
    CLOSED: ("closed", "reset"),
    3: ("filtered", "admin-prohibited"),
    4: ("unreachable", "host-unreach"),
    5: ("unreachable", "net-unreach"),
    6: ("filtered", "port-unreach"),
    7: ("filtered", "proto-unreach"),
    8: ("unreachable", "time-exceeded"),
    9: ("open", "udp-response"),
    10: ("closed", "conn-refused"),
    11: ("open", "conn-accepted"),
    12: ("closed|filtered", "no-response"),  # silence of a host that limits its refusals
    13: ("filtered", "not-asked"),
}
UDP_MEANINGS = {**MEANINGS, SILENT: ("open|filtered", "no-response"), 6: ("closed", "port-unreach")}
CODES = {reason: code for code, (_, reason) in MEANINGS.items() if code}
LIMITED, UNASKED = 12, 13
REFUSALS = {"tcp": (CLOSED, 10), "udp": (6,)}
OPENINGS = (OPEN, 9, 11)
ITS_OWN = (*OPENINGS, CLOSED, 10)  # what nobody but the host says, or somebody in its name
UNREACHABLE = frozenset((4, 5, 8))
CODES["no-response"] = SILENT
MARKS = 64


@record
class Shape:
    """How an answer of an open port looked: what a machine's own stack has in common, and a middlebox has not."""

    ttl: int
    window: int
    header: int  # bytes of TCP header, options included


class Board:
    """The cells of some hosts (packed addresses, all of one family) and ports."""

    def __init__(self, hosts: Sequence[bytes], ports: Sequence[int], transport: str = "tcp") -> None:
        self.hosts, self.ports, self.transport = list(hosts), list(ports), transport
        self.index = {address: number for number, address in enumerate(self.hosts)}
        self.place = [-1] * 65536  # of a port among `ports`
        for number, port in enumerate(self.ports):
            self.place[port] = number
        self.codes = [bytearray(len(self.ports)) for _ in self.hosts]
        self.shapes: dict[int, Shape] = {}  # of open cells
        self.heard = [0] * MARKS  # valid answers by mark, those to repeated questions too
        self.opened = 0
        self.settled = 0  # cells that are no longer silent
        self.news: list[int] = []  # cells that were found open since somebody asked
        self.last_heard = 0.0
        self.alive: set[int] = set()  # hosts that sent an error of ICMP themselves

    def note(self, cell: int, code: int, mark: int | None = None, shape: Shape | None = None) -> None:
        """An answer that was checked. A cell that is open stays open whatever comes after."""
        if mark is not None:
            self.heard[mark] += 1
        place = self.place[cell & 0xFFFF]
        row = self.codes[cell >> 16]
        before = row[place]
        if place < 0 or before == code or is_open(before):
            return
        if before == SILENT:
            self.settled += 1
        elif not is_open(code):
            return
        row[place] = code
        if is_open(code):
            self.opened += 1
            self.news.append(cell)
            if shape:
                self.shapes[cell] = shape

    def silent(self, cells: Iterable[int]) -> list[int]:
        """Those of some cells that nothing is known of."""
        codes, place = self.codes, self.place
        if not any(SILENT in row for row in codes):
            return []
        return [cell for cell in cells if not codes[cell >> 16][place[cell & 0xFFFF]]]

    def code(self, cell: int) -> int:
        """What is known of a cell."""
        return self.codes[cell >> 16][self.place[cell & 0xFFFF]]

    def cells_with(self, host: int, code: int, most: int | None = None) -> list[int]:
        """The cells of a host that have a code, at most so many of them."""
        row, found, start = self.codes[host], list[int](), 0
        while most is None or len(found) < most:
            start = row.find(code, start)
            if start < 0:
                break
            found.append(host << 16 | self.ports[start])
            start += 1
        return found

    def refusals(self, host: int, most: int | None = None) -> list[int]:
        """The cells of a host that said by themselves that they are closed, at most so many."""
        found: list[int] = []
        for code in REFUSALS[self.transport]:
            found += self.cells_with(host, code, most)
        return found[:most]

    def openings(self, host: int, most: int | None = None) -> list[int]:
        """The cells of a host that are open, at most so many."""
        found: list[int] = []
        for code in OPENINGS:
            found += self.cells_with(host, code, most)
        return found[:most]

    def count(self, host: int, code: int) -> int:
        """How many cells of a host have a code."""
        return self.codes[host].count(code)

    def answered(self, host: int) -> int:
        """How many cells of a host are no longer silent."""
        return len(self.codes[host]) - self.codes[host].count(SILENT)

    def told(self) -> int:
        """How many cells said by themselves that they are open or closed: errors from the way there may be limited."""
        return self.opened + sum(row.count(code) for row in self.codes for code in REFUSALS[self.transport])

    def speaks(self, host: int) -> bool:
        """Whether a host said anything itself: what routers say of it, and what was never asked, does not count."""
        row = self.codes[host]
        return host in self.alive or any(code in row for code in ITS_OWN)

    def unreachable(self, host: int) -> int:
        """The code by which a host that says nothing is told to be out of reach; 0 where nobody tells."""
        codes = set(self.codes[host]) - {SILENT, UNASKED}
        return min(codes) if codes and codes <= UNREACHABLE else 0

    def leave(self, cells: Iterable[int]) -> None:
        """Say of cells that nothing is known of that they were never asked."""
        for cell in self.silent(cells):
            self.codes[cell >> 16][self.place[cell & 0xFFFF]] = UNASKED

    def settle(self, host: int, before: int, after: int) -> int:
        """Say `after` of all of a host's cells that have `before`; how many they were."""
        row = self.codes[host]
        number = row.count(before)
        self.codes[host] = row.replace(bytes([before]), bytes([after]))
        return number


def is_open(code: int) -> bool:
    """Whether a code means an open port."""
    return code in OPENINGS


def meaning(code: int, transport: str) -> tuple[str, str]:
    """State and reason of a code."""
    return (MEANINGS if transport == "tcp" else UDP_MEANINGS)[code]


def ranges(ports: Iterable[int]) -> str:
    """Ports as people write them: 1-21,23-79. Takes them in any order."""
    text, first, last = [], -2, -2
    for port in [*sorted(ports), -9]:
        if port == last + 1:
            last = port
            continue
        if first >= 0:
            text.append(str(first) if first == last else f"{first}-{last}")
        first = last = port
    return ",".join(text)

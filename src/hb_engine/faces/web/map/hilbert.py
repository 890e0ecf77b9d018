"""Where a port lies on the map: along a Hilbert curve of 256 x 256 cells, port 0 at the top left.

Neighbours in number stay neighbours in the picture, which rows of 256 cannot give; and since the curve fills quarter
after quarter, the dynamic ports (49152 to 65535) are exactly the upper right one. Hilbert, "Ueber die stetige
Abbildung einer Linie auf ein Flaechenstueck", Mathematische Annalen 38 (1891). It refuses to know what a port is for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

SIDE = 256
PORTS = SIDE * SIDE
REGIONS = ((0, 1023), (1024, 49151), (49152, 65535))  # RFC 6335 section 6: system, user, dynamic
STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))


def _curve() -> list[tuple[int, int]]:
    """The cells in the order of their ports: each turn makes the curve twice as wide, of four copies of itself."""
    cells, width = [(0, 0)], 1
    while width < SIDE:
        last = 2 * width - 1
        cells = (
            [(y, x) for x, y in cells]
            + [(x, y + width) for x, y in cells]
            + [(x + width, y + width) for x, y in cells]
            + [(last - y, width - 1 - x) for x, y in cells]
        )
        width *= 2
    return cells


CELLS = tuple(_curve())
_PORTS = [0] * PORTS
for _port, (_x, _y) in enumerate(CELLS):
    _PORTS[_y * SIDE + _x] = _port
ROWS = tuple(_PORTS)  # the port of each cell, row by row


def port_at(x: int, y: int) -> int:
    """The port of a cell of 0 to 255 each."""
    return ROWS[y * SIDE + x]


def laid_out(values: bytes) -> bytes:
    """65,536 values by port, as rows of the picture."""
    return bytes([values[port] for port in ROWS])


@functools.lru_cache(maxsize=64)
def outline(first: int, last: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The corners of the area that ports first to last fill, a closed line each (holes are lines too)."""
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for port in range(first, last + 1):
        x, y = CELLS[port]
        corners = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
        for side, (dx, dy) in enumerate(STEPS):
            if not _within(x + dx, y + dy, first, last):
                ahead.setdefault(corners[side], []).append(corners[(side + 1) % 4])
    lines = []
    while ahead:
        lines.append(_walked(ahead))
    return tuple(lines)


def path(lines: Iterable[Iterable[tuple[int, int]]], scale: int = 1) -> str:
    """Closed lines as the d of an SVG path."""
    drawn = ["M" + "L".join([f"{x * scale} {y * scale}" for x, y in line]) + "Z" for line in lines]
    return "".join(drawn)


def _within(x: int, y: int, first: int, last: int) -> bool:
    return 0 <= x < SIDE and 0 <= y < SIDE and first <= ROWS[y * SIDE + x] <= last


def _walked(ahead: dict[tuple[int, int], list[tuple[int, int]]]) -> tuple[tuple[int, int], ...]:
    """One closed line out of edges, which it uses up; only its corners are kept."""
    start = at = next(iter(ahead))
    line: list[tuple[int, int]] = []
    while at in ahead:
        following = ahead[at].pop()
        if not ahead[at]:
            del ahead[at]
        if len(line) < 2 or not _straight(line[-2], line[-1], at):
            line.append(at)
        else:
            line[-1] = at
        at = following
        if at == start:
            break
    if _straight(line[-2], line[-1], start):
        line.pop()
    return tuple(line[1:] if _straight(line[-1], line[0], line[1]) else line)


def _straight(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> bool:
    return one[0] == two[0] == three[0] or one[1] == two[1] == three[1]

"""Names on the map: those of openings first, then of landmarks, and only as many as there is room for.

No name lies on another, nor on a mark: each is tried to the right of its port, to the left, above and below, and then
further off with a line that leads to it. What finds no place is left out, and found by zooming. It refuses to measure
letters: widths are of the widest fonts that the page may be shown in, so that a name may only be shorter than its room.
"""

from __future__ import annotations

from collections.abc import Iterable

from hb_engine.faces.web.map.hilbert import CELLS
from hb_engine.faces.web.map.view import UNIT, View
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry

LETTER, LINE = 0.62, 1.25  # of the size of the letters
NEAR, FAR = 1.0, (2.6, 4.4, 6.6)  # how far from the middle of a mark, in sizes of letters
LONGEST = 22
WIDE, NARROW = 860, 330  # pixels that the map is wide on a desk, and on a telephone
LETTERS = {WIDE: 12.5, NARROW: 11.0}  # pixels
LANDMARKS = (
    *(22, 80, 443, 53, 1703, 3306, 5432, 6379, 3389, 8080, 25, 445, 123, 161, 2049, 389, 1433, 1883, 5060, 5900, 9100),
    *(11211, 27017, 25565, 5353, 6000, 6667, 3478, 2375, 6443, 9418, 23, 21, 110, 143, 179, 500, 514, 631, 993, 47808),
)

Box = tuple[float, float, float, float]  # left, top, right, bottom


@record
class Label:
    """A name with its place, in parts of cells; `line` is where a line to it begins and ends, where it is far off."""

    port: int
    text: str
    kind: str  # the state of an opening, or landmark
    x: int
    y: int
    anchor: str  # start, middle or end
    line: tuple[int, int, int, int] | None = None


def name_of(registry: Registry, port: int) -> str:
    """The best name of a port; empty where it has none."""
    for transport in ("tcp", "udp", "sctp", "dccp"):
        for one in registry.short(transport, port):
            if one.name:
                return one.name
    return ""


def text_of(registry: Registry, port: int) -> str:
    """A port with its name: 22 ssh."""
    name = name_of(registry, port)
    text = f"{port} {name}".strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def placed(
    wanted: Iterable[tuple[int, str, str]], marks: Iterable[int], view: View, width: int, radius: float
) -> tuple[Label, ...]:
    """Labels for ports with their texts and kinds, the most important first, on a map so many pixels wide.

    `marks` are the ports with a mark of a radius in cells, which no name may cover.
    """
    size = LETTERS[width] * view.width * UNIT / width
    start = (view.x * UNIT, view.y * UNIT)
    edge = (*start, start[0] + view.width * UNIT, start[1] + view.width * UNIT)
    around = radius * UNIT
    taken = [(x - around, y - around, x + around, y + around) for x, y in map(_middle, marks)]
    found = []
    for port, text, kind in wanted:
        if view.holds(*CELLS[port]):
            own = around if kind != "landmark" else UNIT / 2
            label, box = _place(port, text, kind, size, own, taken, edge)
            if label is not None:
                taken.append(box)
                found.append(label)
    return tuple(found)


def _place(
    port: int, text: str, kind: str, size: float, around: float, taken: list[Box], edge: Box
) -> tuple[Label | None, Box]:
    x, y = _middle(port)
    wide, high = len(text) * size * LETTER, size * LINE
    beside = around + size * 0.35
    for far in (0.0, *FAR):
        out = size * far
        tries = (
            ("start", x + beside + out, y),
            ("end", x - beside - out, y),
            ("middle", x, y - around - high / 2 - out),
            ("middle", x, y + around + high / 2 + out),
            ("start", x + beside + out, y - out),
            ("start", x + beside + out, y + out),
            ("end", x - beside - out, y - out),
            ("end", x - beside - out, y + out),
        )
        for anchor, at, middle in tries:
            left = {"start": at, "end": at - wide, "middle": at - wide / 2}[anchor]
            box = (left, middle - high / 2, left + wide, middle + high / 2)
            if _is_inside(box, edge) and not any(_meet(box, other) for other in taken):
                line = (round(x), round(y), round(at), round(middle)) if far else None
                return Label(port, text, kind, round(at), round(middle + size * 0.35), anchor, line), box
    return None, (0, 0, 0, 0)


def _middle(port: int) -> tuple[float, float]:
    x, y = CELLS[port]
    return (x + 0.5) * UNIT, (y + 0.5) * UNIT


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _is_inside(box: Box, edge: Box) -> bool:
    return box[0] >= edge[0] and box[1] >= edge[1] and box[2] <= edge[2] and box[3] <= edge[3]

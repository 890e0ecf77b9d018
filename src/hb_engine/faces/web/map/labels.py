"""Names on the map: those of openings first, then of landmarks, and only as many as there is room for.

No name lies on another, nor on a mark: each is tried to the right of its port, to the left, above and below; an
opening's also further off, with a line that leads to it. What finds no place is left out, and found by zooming. It
refuses to measure letters: widths are of wide fonts, so that a name may only be shorter than its room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hb_engine.faces.web.map.hilbert import CELLS, SIDE
from hb_engine.faces.web.map.view import PAD, UNIT, View
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry

LETTER, LINE, BASELINE = 0.6, 1.2, 0.35  # of the size of the letters
OFF = (0.0, 2.2, 3.8, 5.6, 8.0)  # how far off names may stand, in sizes of letters
LONGEST = 22
WIDE, NARROW = 860, 330  # pixels that the map is wide on a desk, and on a telephone
BRIM = {WIDE: 1.2, NARROW: PAD}  # cells that a name may stand over the edge: on a desk regions are named there
LETTERS = {WIDE: 12.5, NARROW: 11.0}  # pixels
LANDMARK, BLOCK = "landmark", "block"
LANDMARKS = (
    *(22, 443, 80, 53, 1703, 3306, 5432, 6379, 3389, 8080, 445, 27017, 25, 123, 5353, 9100, 11211, 47808, 2049, 389),
    *(1433, 1883, 5060, 5900, 6000, 6667, 3478, 2375, 6443, 9418, 161, 23, 21, 110, 143, 179, 500, 514, 631, 993),
    *(10050, 17500, 20000, 26000, 33434, 34962, 41794, 44818),
)

Box = tuple[float, float, float, float]  # left, top, right, bottom


@record
class Wanted:
    """A name that is to stand beside a port. `radius` is of the port's mark, in cells."""

    port: int
    text: str
    kind: str  # the state of an opening, or landmark
    radius: float = 0.5
    reach: int = 1  # how many steps of OFF it may stand off: a line to each of a crowd would be a tangle


@record
class Label:
    """A name with its place, in parts of cells; `line` is where a line to it begins and ends, where it is far off."""

    port: int
    text: str
    kind: str
    x: int
    y: int
    anchor: str  # start, middle or end
    line: tuple[int, int, int, int] | None = None


class Sheet:
    """The part of the map that is seen, on so many pixels, with what has taken its place there already."""

    def __init__(self, view: View, width: int, marks: Iterable[tuple[int, float]]) -> None:
        self.size = LETTERS[width] * view.width * UNIT / width
        self._view = view
        brim = BRIM[width]
        left, right = max(view.x, -brim), min(view.x + view.width, SIDE + brim)
        top, bottom = max(view.y, -brim), min(view.y + view.width, SIDE + brim)
        self._edge = (left * UNIT, top * UNIT, right * UNIT, bottom * UNIT)
        self._taken = [
            (x - r * UNIT, y - r * UNIT, x + r * UNIT, y + r * UNIT)
            for (x, y), r in [(_middle(p), r) for p, r in marks]
        ]

    def place(self, wanted: Iterable[Wanted]) -> tuple[Label, ...]:
        """Labels for those that find room, the most important first."""
        seen = [one for one in wanted if self._view.holds(*CELLS[one.port])]
        return tuple([label for one in seen if (label := self._find(one)) is not None])

    def reserve(self, text: str, x: float, y: float, within: float) -> bool:
        """Take the place of a name around a point, in parts of cells, where it is not wider than it may be."""
        wide, high = len(text) * self.size * LETTER, self.size * LINE
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        if wide > within or not self._is_free(box):
            return False
        self._taken.append(box)
        return True

    def _find(self, one: Wanted) -> Label | None:
        x, y = _middle(one.port)
        own = (x - UNIT / 2, y - UNIT / 2, x + UNIT / 2, y + UNIT / 2)
        if one.kind == LANDMARK and not self._is_free(own):
            return None  # its cell is outlined, and would be seen under whatever lies there
        wide, high = len(one.text) * self.size * LETTER, self.size * LINE
        for anchor, at, middle, off in self._tries(one, x, y, high):
            left = {"start": at, "end": at - wide, "middle": at - wide / 2}[anchor]
            box = (left, middle - high / 2, left + wide, middle + high / 2)
            if self._is_free(box):
                self._taken += [box, own] if one.kind == LANDMARK else [box]
                end = middle if anchor != "middle" else middle + (high / 2 if middle < y else -high / 2)
                line = (round(x), round(y), round(at), round(end)) if off else None
                place = (round(at), round(middle + self.size * BASELINE))
                return Label(one.port, one.text, one.kind, *place, anchor, line)
        return None

    def _tries(self, one: Wanted, x: float, y: float, high: float) -> Iterator[tuple[str, float, float, float]]:
        """Places, the best first: anchor, where it is, the middle of its line, and how far off it is."""
        around = one.radius * UNIT
        beside = around + self.size * 0.3
        for off in OFF[: one.reach]:
            out = self.size * off
            yield "start", x + beside + out, y, off
            yield "end", x - beside - out, y, off
            yield "middle", x, y - around - high / 2 - out, off
            yield "middle", x, y + around + high / 2 + out, off
            if off:
                for down in (-out, out):
                    yield "start", x + beside + out, y + down, off
                    yield "end", x - beside - out, y + down, off

    def _is_free(self, box: Box) -> bool:
        edge = self._edge
        inside = box[0] >= edge[0] and box[1] >= edge[1] and box[2] <= edge[2] and box[3] <= edge[3]
        return inside and not any(_meet(box, other) for other in self._taken)


def name_of(registry: Registry, port: int) -> str:
    """The best name of a port; empty where it has none."""
    for transport in ("tcp", "udp", "sctp", "dccp"):
        for one in registry.short(transport, port):
            if one.name:
                return one.name
    return ""


def text_of(registry: Registry, port: int) -> str:
    """A port with its name: 22 ssh."""
    return cut(f"{port} {name_of(registry, port)}".strip(), LONGEST)


def cut(text: str, most: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _middle(port: int) -> tuple[float, float]:
    x, y = CELLS[port]
    return (x + 0.5) * UNIT, (y + 0.5) * UNIT


def _meet(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]

"""Which part of the map is seen: a square around a port, as wide as a zoom leaves it, and never beyond the edge.

Positions in the SVG are hundredths of a cell, since browsers draw letters of less than a pixel badly, whatever they
are enlarged by. It refuses to know what is drawn.
"""

from __future__ import annotations

import math

from hb_engine.faces.web.map.hilbert import CELLS, PORTS, SIDE, port_at
from hb_engine.model.record import record

UNIT = 100  # parts of a cell
PAD = 6  # cells around the map: names of regions stand there, and marks on the edge are whole
ACROSS = SIDE + 2 * PAD
ZOOMS = (1, 2, 4, 8, 16, 32)
NUMBERED = 16  # from this zoom on cells have room for their numbers


@record
class View:
    """What is seen: its left upper cell (in parts of cells too), how many cells wide, and what it is centred on."""

    x: float
    y: float
    width: float
    zoom: int
    at: int | None = None

    @property
    def box(self) -> str:
        """The viewBox."""
        return " ".join([f"{value * UNIT:g}" for value in (self.x, self.y, self.width, self.width)])

    @property
    def centre(self) -> int:
        """The port in the middle."""
        if self.at is not None:
            return self.at
        half = self.width / 2
        return port_at(_on_map(self.x + half), _on_map(self.y + half))

    def holds(self, x: float, y: float) -> bool:
        """Whether a cell is seen, at least a part of it."""
        return self.x - 1 < x < self.x + self.width and self.y - 1 < y < self.y + self.width

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """The first column and row of cells that are seen, and those after the last."""
        (left, right), (top, bottom) = [
            (_on_map(start), min(math.ceil(start + self.width), SIDE)) for start in (self.x, self.y)
        ]
        return left, top, right, bottom

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that are seen, row by row."""
        left, top, right, bottom = self.cells
        return tuple([port_at(x, y) for y in range(top, bottom) for x in range(left, right)])


def view_of(at: int | None, zoom: int) -> View:
    """The view around a port."""
    width = ACROSS / zoom
    x, y = CELLS[at] if at is not None else (SIDE / 2 - 0.5, SIDE / 2 - 0.5)
    brim = PAD / zoom
    left, top = [min(max(place + 0.5 - width / 2, -brim), SIDE + brim - width) for place in (x, y)]
    return View(left, top, width, zoom, at)


def moved(view: View, right: int, down: int) -> View:
    """The view half its width further on."""
    x, y = [start + view.width * (1 + steps) / 2 for start, steps in ((view.x, right), (view.y, down))]
    return view_of(port_at(_on_map(x), _on_map(y)), view.zoom)


def zoom_of(text: str) -> int:
    """A zoom that there is: the nearest below a number, 1 for what is none."""
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max([zoom for zoom in ZOOMS if zoom <= max(wanted, 1)])


def port_of(text: str) -> int | None:
    """A port that a text names; None where it is none."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 5):
        return None
    return int(bare) if int(bare) < PORTS else None


def _on_map(place: float) -> int:
    """The nearest cell."""
    return min(max(math.floor(place), 0), SIDE - 1)

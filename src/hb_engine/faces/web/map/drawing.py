"""The map ready to be drawn: what map_parts.html needs, for the whole map, for its part of the home page, and small.

Everything is made once for a sight, a view and a choice of layers, and kept while they are asked for. It refuses to
read requests: that is the page's.
"""

from __future__ import annotations

import functools

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.map import labels
from hb_engine.faces.web.map.base import LAYERS, Base, Counts, base_of, name_of
from hb_engine.faces.web.map.hilbert import CELLS, REGIONS, SIDE, outline, path
from hb_engine.faces.web.map.labels import Label
from hb_engine.faces.web.map.overlay import EXPECTED, OPEN, WORDS, Mark, Overlay, overlay_of
from hb_engine.faces.web.map.view import NUMBERED, UNIT, View, view_of
from hb_engine.faces.web.page import Ask
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry

RADIUS = 9.0  # pixels of a mark on a map as wide as WIDE
SHOWN = (*LAYERS, "open", "drift")
NAMED_MARKS = 60  # openings that get a name where there is room


@record
class Choice:
    """What of the map is asked for: a machine (all without a name), a transport, and what is shown."""

    machine: str = ""
    transport: str = "all"
    shown: tuple[str, ...] = SHOWN

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of the country that are shown."""
        return tuple([one for one in LAYERS if one in self.shown])


@record
class Picture:
    """A picture of the country in one theme."""

    theme: str
    href: str
    open: str = ""  # the layer of openings that are not drawn one by one


@record
class Cell:
    """One cell with room for its number and its name."""

    port: int
    x: int
    y: int
    name: str


@record
class Region:
    """A class of ports: where it begins and ends, its outline, and where its name stands."""

    kind: str  # system, user, dynamic
    first: int
    last: int
    line: str
    x: int
    y: int


@record
class Drawing:
    """The whole map."""

    view: View
    box: str
    scale: int  # parts of a cell that a mark's radius is
    side: int
    pictures: tuple[Picture, ...]
    marks: tuple[Mark, ...]
    rest: int
    overlay: Overlay
    counts: Counts
    regions: tuple[Region, ...]
    blocks: tuple[Region, ...]
    cells: tuple[Cell, ...]
    wide: tuple[Label, ...]
    narrow: tuple[Label, ...]
    size_wide: int
    size_narrow: int
    words: dict[str, str]
    many: bool  # more than one machine, so that they are named
    registry: Registry

    def named(self, port: int) -> str:
        """The name that a port is registered under."""
        return labels.name_of(self.registry, port)


def hero(ask: Ask) -> Drawing:
    """The whole map as it is now, for another page."""
    return drawing(ask.hub, ask.sight, ask.theme, Choice())


def drawing(hub: Hub, sight: Sight, theme: str, choice: Choice, view: View | None = None) -> Drawing:
    """The map of a sight."""
    seen = view or view_of(None, 1)
    overlay = overlay_of(sight, choice.machine, choice.transport)
    base = base_of(hub.registry, hub.threats)
    marks = tuple([one for one in overlay.drawn if _is_shown(one, choice) and seen.holds(one.x, one.y)])
    part = UNIT * seen.width / SIDE
    scale = round(RADIUS * SIDE / labels.WIDE * part)
    names = _wanted(hub, marks, choice)
    ports = tuple([one.port for one in marks])
    lettered = seen.zoom < NUMBERED
    wide, narrow = [
        labels.placed(names, ports, seen, width, radius) if lettered else ()
        for width, radius in ((labels.WIDE, scale / UNIT), (labels.NARROW, 1.8 * scale / UNIT))
    ]
    return Drawing(
        view=seen,
        box=seen.box,
        scale=scale,
        side=SIDE * UNIT,
        pictures=pictures(base, theme, choice, overlay),
        marks=marks,
        rest=len(overlay.rest),
        overlay=overlay,
        counts=base.counts(choice.transport),
        regions=regions(),
        blocks=blocks(base) if "threats" in choice.shown else (),
        cells=_cells(hub, seen) if seen.zoom >= NUMBERED else (),
        wide=wide,
        narrow=narrow,
        size_wide=_size(labels.WIDE, seen),
        size_narrow=_size(labels.NARROW, seen),
        words=WORDS,
        many=len(sight.machines) > 1 and not choice.machine,
        registry=hub.registry,
    )


def pictures(base: Base, theme: str, choice: Choice, overlay: Overlay | None = None) -> tuple[Picture, ...]:
    """The pictures for a theme; both where the system decides, of which the style sheet shows one."""
    themes = ("dark", "light") if theme not in ("dark", "light") else (theme,)
    opened = bool(overlay and overlay.rest and {"open", "drift"} <= {*choice.shown})
    return tuple(
        [
            Picture(
                one,
                f"/map/base/{base.digest}/{name_of(one, choice.transport, choice.layers)}",
                _layer(overlay, one, choice) if opened and overlay else "",
            )
            for one in themes
        ]
    )


def _layer(overlay: Overlay, theme: str, choice: Choice) -> str:
    from hb_engine.faces.web.addresses import with_query  # where there are more openings than are drawn

    address: str = with_query(
        f"/map/open/{overlay.digest}/{theme}.png", machine=choice.machine, transport=choice.transport
    )
    return address


@functools.cache
def regions() -> tuple[Region, ...]:
    """The three classes of RFC 6335 6, as the curve lays them."""
    named = zip(("system", "user", "dynamic"), REGIONS, ((0, 32), (0, 256), (256, 128)), strict=True)
    return tuple(
        [
            Region(kind, first, last, path(outline(first, last), UNIT), x * UNIT, y * UNIT)
            for kind, (first, last), (x, y) in named
        ]
    )


def blocks(base: Base) -> tuple[Region, ...]:
    """The ranges that a claim is about, with the middle of their outline."""
    found = []
    for one in base.blocks:
        lines = outline(one.first, one.last)
        corners = [corner for line in lines for corner in line]
        x, y = [(min(each) + max(each)) * UNIT // 2 for each in zip(*corners, strict=True)]
        found.append(Region(one.name, one.first, one.last, path(lines, UNIT), x, y))
    return tuple(found)


def _wanted(hub: Hub, marks: tuple[Mark, ...], choice: Choice) -> list[tuple[int, str, str]]:
    """Names, the most important first: the bad, the landmarks that are not open, then whatever else is open."""
    registry = hub.registry
    bad = [one for one in marks if one.state not in (OPEN, EXPECTED)]
    calm = [one for one in marks if one.state in (OPEN, EXPECTED)]
    opened = {one.port for one in marks}
    named = [(one.port, labels.text_of(registry, one.port), one.state) for one in (*bad, *calm)[:NAMED_MARKS]]
    if "registered" not in choice.shown:
        return named
    return named + [
        (port, labels.text_of(registry, port), "landmark") for port in labels.LANDMARKS if port not in opened
    ]


def _cells(hub: Hub, seen: View) -> tuple[Cell, ...]:
    room = 10 if seen.zoom <= NUMBERED else 12
    found = []
    for port in seen.ports:
        name = labels.name_of(hub.registry, port)
        x, y = CELLS[port]
        found.append(Cell(port, x * UNIT, y * UNIT, name if len(name) <= room else f"{name[: room - 1]}…"))
    return tuple(found)


def _is_shown(one: Mark, choice: Choice) -> bool:
    return ("open" if one.state in (OPEN, EXPECTED) else "drift") in choice.shown


def _size(width: int, seen: View) -> int:
    return round(labels.LETTERS[width] * seen.width * UNIT / width)


@record
class Mini:
    """The whole country with one port marked on it."""

    pictures: tuple[Picture, ...]
    x: int
    y: int
    side: int


def mini(ask: Ask, port: int) -> Mini:
    """A small map that shows where a port lies."""
    x, y = CELLS[port]
    found = pictures(base_of(ask.hub.registry, ask.hub.threats), ask.theme, Choice())
    return Mini(found, x * UNIT + UNIT // 2, y * UNIT + UNIT // 2, SIDE * UNIT)

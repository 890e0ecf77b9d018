"""The map ready to be drawn: what map_parts.html needs, for the whole map, for its part of the home page, and small.

Everything is made once for a sight, a view and a choice of layers, and kept while they are asked for. It refuses to
read requests: that is the page's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.map import labels
from hb_engine.faces.web.map.base import LAYERS, THEMES, Base, Counts, base_of, name_of
from hb_engine.faces.web.map.hilbert import CELLS, REGIONS, SIDE, outline, path
from hb_engine.faces.web.map.labels import Label, Sheet, Wanted
from hb_engine.faces.web.map.overlay import (
    ALARM,
    EXPECTED,
    GONE,
    KEPT,
    LOOK,
    OPEN,
    SHELF,
    WORDS,
    Mark,
    Overlay,
    overlay_of,
)
from hb_engine.faces.web.map.view import NUMBERED, UNIT, View, view_of
from hb_engine.faces.web.page import Ask
from hb_engine.model.record import record
from hb_engine.registry.assignments import Registry

RADIUS = 8.4  # pixels of a mark's unit on a map as wide as WIDE
RADII = {ALARM: 2.0, LOOK: 1.5, GONE: 1.3, OPEN: 0.95, EXPECTED: 1.1}  # of the shapes, in that unit
MANY, CALMER = 50, 0.72  # where more than so many marks are calm, they are drawn smaller: the bad ones stand out
SMALL = 1.5  # how much larger marks are on a telephone, as the style sheet has it
SHOWN = (*LAYERS, "open", "drift")
CALM = (OPEN, EXPECTED)
NAMED_MARKS = 60  # openings that get a name where there is room


@record
class Choice:
    """What of the map is asked for: a machine (all without a name), a transport, and what is shown."""

    machine: str = ""
    transport: str = "all"
    shown: tuple[str, ...] = SHOWN

    @property
    def segment(self) -> str:
        """The machine as it stands in addresses."""
        return addresses.segment(self.machine) if self.machine else ""

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
    x: int = 0  # where its name stands, if it has room
    y: int = 0
    is_named: bool = False


@record
class Drawing:
    """The whole map."""

    view: View
    box: str
    scale: int  # parts of a cell that the unit of a mark is
    calm: int  # the same for marks that need no look
    side: int
    pictures: tuple[Picture, ...]
    marks: tuple[Mark, ...]  # all of them, also those out of view: the script moves the view
    rest: int
    overlay: Overlay
    counts: Counts
    regions: tuple[Region, ...]
    blocks: tuple[Region, ...]
    cells: tuple[Cell, ...]
    grid: str  # the lines between them
    letters: int  # the size of their names
    landmarks: str  # the ports of landmarks, for the script
    rest_address: str  # what is open and not drawn one by one, for the script
    wide: tuple[Label, ...]
    narrow: tuple[Label, ...]
    size_wide: int
    size_narrow: int
    words: dict[str, str]
    many: bool  # more than one machine, so that they are named
    registry: Registry
    written: dict[str, Any]  # parts of pages that are the same for everybody, once they have been written

    def named(self, port: int) -> str:
        """The name that a port is registered under."""
        return labels.name_of(self.registry, port)

    def once(self, name: str, caller: Callable[[], Any]) -> Any:
        """What a template's call block comes to, written once for as long as this is what is drawn.

        The name says all that it depends on besides: the language, and nothing that whoever asks could choose freely.
        """
        made = self.written.get(name)
        if made is None:
            made = self.written[name] = caller()
        return made


def hero(ask: Ask) -> Drawing:
    """The whole map as it is now, for another page."""
    return drawing(ask.hub, ask.sight, Choice())


def drawing(hub: Hub, sight: Sight, choice: Choice, view: View | None = None) -> Drawing:
    """The map of a sight; kept until there is another sight."""
    seen = view or view_of(None, 1)
    key = (choice, seen)
    known: dict[tuple[Choice, View], Drawing] = SHELF.of(sight, "drawings", lambda _: {})
    found = known.get(key)
    if found is None or found.registry is not hub.registry:
        if len(known) >= KEPT:
            known.clear()
        found = known[key] = make(hub, sight, choice, seen)
    return found


def make(hub: Hub, sight: Sight, choice: Choice, seen: View) -> Drawing:
    """The map of a sight, made anew."""
    overlay = overlay_of(sight, choice.machine, choice.transport)
    base = base_of(hub.registry, hub.threats)
    marks = tuple([one for one in overlay.drawn if _is_shown(one, choice)])
    scale = RADIUS * seen.width * UNIT / labels.WIDE
    calm = scale * (CALMER if sum(one.state in CALM for one in marks) > MANY else 1.0)
    sheets = [_sheet(seen, width, marks, scale, calm) for width in (labels.WIDE, labels.NARROW)]
    named = blocks(base, sheets[0]) if "threats" in choice.shown else ()
    names = [
        sheet.place(_wanted(hub, marks, choice, larger * scale, larger * calm)) if seen.zoom < NUMBERED else ()
        for sheet, larger in zip(sheets, (1.0, SMALL), strict=True)
    ]
    return Drawing(
        view=seen,
        box=seen.box,
        scale=round(scale),
        calm=round(calm),
        side=SIDE * UNIT,
        pictures=pictures(base, choice, overlay),
        marks=marks,
        rest=len(overlay.rest),
        overlay=overlay,
        counts=base.counts(choice.transport),
        regions=regions(),
        blocks=named,
        cells=_cells(hub, seen) if seen.zoom >= NUMBERED else (),
        grid=_grid(seen) if seen.zoom >= NUMBERED else "",
        letters=19 if seen.zoom <= NUMBERED else 15,
        landmarks=" ".join(map(str, _landmarks(hub.registry))) if "registered" in choice.shown else "",
        rest_address=_rest(overlay, "cells.json", choice) if overlay.rest else "",
        wide=names[0],
        narrow=names[1],
        size_wide=round(sheets[0].size),
        size_narrow=round(sheets[1].size),
        words=WORDS,
        many=len(sight.machines) > 1 and not choice.machine,
        registry=hub.registry,
        written={},
    )


def _sheet(seen: View, width: int, marks: tuple[Mark, ...], scale: float, calm: float) -> Sheet:
    larger = SMALL if width == labels.NARROW else 1.0
    return Sheet(seen, width, [(one.port, larger * _radius(one.state, scale, calm)) for one in marks])


def _radius(state: str, scale: float, calm: float) -> float:
    """The radius of a mark, in cells."""
    return RADII[state] * (calm if state in CALM else scale) / UNIT


def pictures(base: Base, choice: Choice, overlay: Overlay | None = None) -> tuple[Picture, ...]:
    """The pictures in both themes: the style sheet shows the one that is chosen, also where a script changes it."""
    crowd = overlay if overlay and overlay.rest and {"open", "drift"} <= {*choice.shown} else None
    return tuple(
        [
            Picture(
                theme,
                f"/map/base/{base.digest}/{name_of(theme, choice.transport, choice.layers)}",
                _rest(crowd, f"{theme}.png", choice) if crowd else "",
            )
            for theme in THEMES
        ]
    )


def _rest(overlay: Overlay, name: str, choice: Choice) -> str:
    transport = choice.transport if choice.transport != "all" else ""
    return addresses.with_query(f"/map/open/{overlay.digest}/{name}", machine=choice.segment, transport=transport)


@functools.cache
def regions() -> tuple[Region, ...]:
    """The three classes of RFC 6335 6, as the curve lays them; their names stand on the edge."""
    named = zip(("system", "user", "dynamic"), REGIONS, strict=True)
    return tuple([Region(kind, first, last, path(outline(first, last), UNIT)) for kind, (first, last) in named])


def blocks(base: Base, sheet: Sheet) -> tuple[Region, ...]:
    """The ranges that a claim is about, with the claim's name in their middle where there is room for it."""
    found = []
    for one in base.blocks:
        lines = outline(one.first, one.last)
        columns, rows = zip(*[corner for line in lines for corner in line], strict=True)
        x, y = [(min(each) + max(each)) * UNIT // 2 for each in (columns, rows)]
        is_named = sheet.reserve(one.name, x, y, (max(columns) - min(columns)) * UNIT)
        found.append(Region(one.name, one.first, one.last, path(lines, UNIT), x, y, is_named))
    return tuple(found)


def _wanted(hub: Hub, marks: tuple[Mark, ...], choice: Choice, scale: float, calm: float) -> list[Wanted]:
    """Names, the most important first: the bad, the landmarks that are not open, then whatever else is open."""
    registry = hub.registry
    opened = {one.port for one in marks}
    first = [one for one in marks if one.state not in CALM or one.port in labels.LANDMARKS]
    others = [one for one in marks if one not in first]
    reach = 2 if scale == calm else 1
    named = [
        Wanted(
            one.port,
            labels.text_of(registry, one.port),
            one.state,
            _radius(one.state, scale, calm),
            reach if one.state in CALM else len(labels.OFF),
        )
        for one in (*first, *others)[:NAMED_MARKS]
    ]
    if "registered" not in choice.shown:
        return named
    unopened = [port for port in _landmarks(registry) if port not in opened]
    return named + [Wanted(port, labels.text_of(registry, port), labels.LANDMARK) for port in unopened]


@functools.lru_cache(maxsize=2)
def _landmarks(registry: Registry) -> tuple[int, ...]:
    """Those that the registry has a name for."""
    return tuple([port for port in labels.LANDMARKS if labels.name_of(registry, port)])


def _cells(hub: Hub, seen: View) -> tuple[Cell, ...]:
    room = 8 if seen.zoom <= NUMBERED else 11
    found = []
    for port in seen.ports:
        name = labels.name_of(hub.registry, port)
        x, y = CELLS[port]
        found.append(Cell(port, x * UNIT, y * UNIT, labels.cut(name, room)))
    return tuple(found)


def _grid(seen: View) -> str:
    left, top, right, bottom = [round(part * UNIT) for part in seen.cells]
    columns = [f"M{x} {top}V{bottom}" for x in range(left, right + 1, UNIT)]
    return "".join(columns + [f"M{left} {y}H{right}" for y in range(top, bottom + 1, UNIT)])


def _is_shown(one: Mark, choice: Choice) -> bool:
    return ("open" if one.state in CALM else "drift") in choice.shown


@record
class Mini:
    """The whole country with one port marked on it, in the state that it is in; "" where nothing is open."""

    state: str
    pictures: tuple[Picture, ...]
    x: int
    y: int
    side: int


def mini(ask: Ask, port: int) -> Mini:
    """A small map that shows where a port lies."""
    x, y = CELLS[port]
    mark = overlay_of(ask.sight).by_port.get(port)
    found = pictures(base_of(ask.hub.registry, ask.hub.threats), Choice())
    return Mini(mark.state if mark else "", found, x * UNIT + UNIT // 2, y * UNIT + UNIT // 2, SIDE * UNIT)

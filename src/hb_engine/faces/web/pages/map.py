"""The port map: all 65,536 ports in one picture, with what is open on them, and the same as a table.

Zoom, place and choices are words of the address, so that it works by links and forms, and can be sent to somebody.
map.js only makes it smoother.
"""

from __future__ import annotations

from typing import Any

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.map import drawing, labels, tables
from hb_engine.faces.web.map.base import TRANSPORTS, base_of
from hb_engine.faces.web.map.drawing import SHOWN, Choice, Drawing
from hb_engine.faces.web.map.names import digest_of
from hb_engine.faces.web.map.overlay import MARKS
from hb_engine.faces.web.map.view import ZOOMS, View, moved, port_of, view_of, zoom_of
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.model.inventory import Gap
from hb_engine.model.record import record

PAGE = Page("/map", nav=mark("Map"), order=20)
GAPS = 12  # that are told here; the machines' pages have all
FOUND = 8  # the zoom at which a port that was searched for is shown
WAYS = (("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1))


@record
class Found:
    """What a search came to: a port, or words that are near."""

    asked: str
    port: int | None = None
    suggestions: tuple[str, ...] = ()


async def show(ask: Ask) -> Answer:
    """The map as the address asks for it; words that mean nothing are passed over."""
    choice = choice_of(ask.query, ask.sight)
    found = search(ask)
    view = view_asked(ask.query, found)
    map_ = drawing.drawing(ask.hub, ask.sight, choice, view)
    words = words_of(choice)
    values: dict[str, Any] = {
        "map": map_,
        "choice": choice,
        "found": found,
        "links": links(map_.view, words),
        "words": {**words, "at": view.at, "zoom": view.zoom if view.zoom > 1 else None},
        "transports": TRANSPORTS,
        "table": tables.table(ask, map_, ask.query.get("page", ""), words),
        "blocks": tables.ranges(base_of(ask.hub.registry, ask.hub.threats), choice.transport),
        "marks": MARKS,
        "gaps": gaps(ask.sight, choice),
        "told": GAPS,
        "here": at_port(ask, map_),
        "data": addresses.with_query("/map/data.json", v=digest_of(ask.hub.registry, ask.hub.threats)),
    }
    return Shown("map.html", values)


def choice_of(query: dict[str, str], sight: Sight) -> Choice:
    """What is to be seen. Without `chosen` the form was not sent, and everything is."""
    asked = query.get("machine", "")
    machines = [one.name for one in sight.machines if asked and asked in (one.name, addresses.segment(one.name))]
    transport = query.get("transport", "")
    return Choice(
        machines[0] if machines else "",
        transport if transport in TRANSPORTS else "all",
        tuple([one for one in SHOWN if query.get(one)]) if query.get("chosen") else SHOWN,
    )


def words_of(choice: Choice) -> dict[str, str]:
    """A choice as words of an address; what is as always is left out."""
    words = {"machine": choice.segment, "transport": "" if choice.transport == "all" else choice.transport}
    if choice.shown != SHOWN:
        words |= {"chosen": "1", **dict.fromkeys(choice.shown, "1")}
    return {name: text for name, text in words.items() if text}


def search(ask: Ask) -> Found | None:
    """The port that was searched for by number or by a service's name."""
    asked = ask.query.get("find", "").strip()
    if not asked:
        return None
    port = port_of(asked)
    if port is None:
        rows = [row for row in ask.hub.registry.named(asked) if row.first is not None]
        rows = rows or [row for row in ask.hub.registry.search(asked, 1) if row.first is not None]
        port = rows[0].first if rows else None
    return Found(asked, port, () if port is not None else ask.hub.registry.suggest(asked))


def view_asked(query: dict[str, str], found: Found | None) -> View:
    """The part that is seen: around what was searched for, else where the address says."""
    zoom = zoom_of(query.get("zoom", ""))
    if found is not None and found.port is not None:
        return view_of(found.port, max(zoom, FOUND))
    return view_of(port_of(query.get("at", "")), zoom)


def links(view: View, words: dict[str, str]) -> dict[str, str]:
    """Where the buttons lead: closer, further off, the whole, half a view to each side; and `here`, which stays."""
    step = ZOOMS.index(view.zoom)
    closer, further = ZOOMS[min(step + 1, len(ZOOMS) - 1)], ZOOMS[max(step - 1, 0)]
    made = {
        "here": _address(view, view.zoom, words),
        "closer": _address(view, closer, words),
        "further": _address(view, further, words),
        "whole": _address(view_of(None, 1), 1, words),
    }
    for name, right, down in WAYS:
        there = moved(view, right, down)
        stays = (there.x, there.y) == (view.x, view.y)
        made[name] = made["here"] if stays else _address(there, view.zoom, words)
    return made


def gaps(sight: Sight, choice: Choice) -> list[tuple[str, Gap]]:
    """What was not seen on the machines that are shown, each with its machine."""
    shown = [one for one in sight.machines if choice.machine in ("", one.name)]
    return [(one.name, gap) for one in shown for gap in one.seen.coverage.gaps]


def at_port(ask: Ask, map_: Drawing) -> dict[str, Any] | None:
    """What is known of the port in the middle, where one was asked for."""
    port = map_.view.at
    if port is None:
        return None
    mark_ = map_.overlay.by_port.get(port)
    claims = ask.hub.threats.threats(port)
    return {"port": port, "name": labels.name_of(ask.hub.registry, port), "mark": mark_, "threats": claims}


def _address(view: View, zoom: int, words: dict[str, str]) -> str:
    at = str(view.centre) if zoom > 1 or view.at is not None else ""
    return addresses.with_query("/map", at=at, zoom=str(zoom) if zoom > 1 else "", **words)

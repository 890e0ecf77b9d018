"""The pictures of the map's country, under addresses that change with them: browsers keep them for ever."""

from __future__ import annotations

from hb_engine.faces.web.assets import KEPT
from hb_engine.faces.web.map.base import base_of, parse
from hb_engine.faces.web.page import Answer, Ask, File, NotThere, Page

PAGE = Page("/map/base/{digest:str}/{name:str}")


async def show(ask: Ask) -> Answer:
    """One PNG. Raises NotThere for a name that is none of ours; an old digest leads to today's picture."""
    asked = parse(ask.params["name"])
    if asked is None:
        raise NotThere("there is no such picture of the map", "The map's own page knows the pictures that there are.")
    base = base_of(ask.hub.registry, ask.hub.threats)
    kept = KEPT if ask.params["digest"] == base.digest else "no-cache"
    return File(base.png(*asked), "image/png", headers=(("cache-control", kept),))

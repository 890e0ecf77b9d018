"""The openings that the map does not draw one by one, as a layer of cells: a picture of the sight that is shown now."""

from __future__ import annotations

from hb_engine.faces.web.map.base import THEMES
from hb_engine.faces.web.map.overlay import overlay_of
from hb_engine.faces.web.page import Answer, Ask, File, NotThere, Page
from hb_engine.faces.web.pages.map import choice_of

PAGE = Page("/map/open/{digest:str}/{name:str}")


async def show(ask: Ask) -> Answer:
    """One PNG. Raises NotThere for a theme that there is not; an old digest leads to the picture of now."""
    theme = ask.params["name"].removesuffix(".png")
    if theme not in THEMES:
        raise NotThere("there is no such picture of the map", "The map's own page knows the pictures that there are.")
    choice = choice_of(ask.query, ask.sight)
    overlay = overlay_of(ask.sight, choice.machine, choice.transport)
    kept = "private, max-age=3600" if ask.params["digest"] == overlay.digest else "no-cache"
    return File(overlay.layer(theme), "image/png", headers=(("cache-control", kept),))

"""The openings that the map does not draw one by one, as a layer of cells: a picture of the sight that is shown now."""

from __future__ import annotations

import gzip

from hb_engine.faces.web.map.base import THEMES
from hb_engine.faces.web.map.overlay import overlay_of
from hb_engine.faces.web.page import Answer, Ask, File, NotThere, Page
from hb_engine.faces.web.pages.map import choice_of
from hb_engine.wire import json_text

PAGE = Page("/map/open/{digest:str}/{name:str}")


CELLS = "cells.json"  # the same for the script


async def show(ask: Ask) -> Answer:
    """One PNG. Raises NotThere for a theme that there is not; an old digest leads to the picture of now."""
    name = ask.params["name"]
    theme = name.removesuffix(".png")
    if theme not in THEMES and name != CELLS:
        raise NotThere("there is no such picture of the map", "The map's own page knows the pictures that there are.")
    choice = choice_of(ask.query, ask.sight)
    overlay = overlay_of(ask.sight, choice.machine, choice.transport)
    headers = (("cache-control", "private, max-age=3600" if ask.params["digest"] == overlay.digest else "no-cache"),)
    if name == CELLS:
        told = {"runs": overlay.runs()}
        body = json_text.document(lambda quote: json_text.value(told, quote)).encode()
        return File(
            gzip.compress(body, 6, mtime=0), "application/json", headers=(*headers, ("content-encoding", "gzip"))
        )
    return File(overlay.layer(theme), "image/png", headers=headers)

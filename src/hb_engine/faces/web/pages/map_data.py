"""The names of all ports as JSON, for the map's script.

It is compressed once and never sent otherwise: a request that names no coding takes any (RFC 9110 12.5.3).
"""

from __future__ import annotations

from hb_engine.faces.web.assets import KEPT
from hb_engine.faces.web.map.names import digest_of, packed
from hb_engine.faces.web.page import Answer, Ask, File, Page

PAGE = Page("/map/data.json")


async def show(ask: Ask) -> Answer:
    """The document; kept for ever under an address with its digest (?v=), asked for again under any other."""
    known = ask.query.get("v") == digest_of(ask.hub.registry, ask.hub.threats)
    headers = (("cache-control", KEPT if known else "no-cache"), ("content-encoding", "gzip"))
    return File(packed(ask.hub.registry, ask.hub.threats), "application/json", headers=headers)

"""The audit log: who had what written, refused or taken back, the newest first, and whether its chain holds."""

from __future__ import annotations

from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.decisions.words import BROKEN
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines.finding import page_of
from hb_engine.faces.web.page import Answer, Ask, Page, Shown

PAGE = Page("/audit", nav=mark("Audit log"), order=70)
SIZE = 50


async def show(ask: Ask) -> Answer:
    """A page of it."""
    page = page_of(ask.query)
    read = await ask.hub.ask("audit", page=page, size=SIZE)
    pages = max((read.count + SIZE - 1) // SIZE, 1)
    if page > pages:
        page = pages
        read = await ask.hub.ask("audit", page=page, size=SIZE)
    broken = read.chain.broken
    told = ask.language.say(BROKEN[broken.why], line=ask.language.number(broken.line)) if broken else ""
    return Shown(
        "audit.html",
        {"read": read, "broken": told, "page": page, "pages": pages, "here": ask.url("/audit"), **helpers(ask)},
    )

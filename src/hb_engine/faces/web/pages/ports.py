"""All ports: a block at a time, or those that are registered, open here, linked with threats, or that a word finds.

A number, and a service's name that has one port, lead to that port's page.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.page import Answer, Ask, Moved, Page, Shown
from hb_engine.faces.web.ports import browse, index
from hb_engine.faces.web.ports.standing import open_ports
from hb_engine.faces.web.ports.words import RANGES

PAGE = Page("/ports", nav=mark("Ports"), order=25)
FILTERS = (
    ("", mark("by number")),
    ("registered", mark("registered")),
    ("open", mark("open here")),
    ("linked", mark("linked with threats")),
)


async def show(ask: Ask) -> Answer:
    """The list."""
    text = ask.query.get("q", "").strip()
    if text.isascii() and text.isdigit() and len(text.lstrip("0")) <= 5 and int(text) <= browse.HIGHEST:
        return Moved(f"/ports/{int(text)}")
    want = browse.wanted(ask.query)
    listed = browse.listed(ask.hub, ask.sight, want)
    known, say = index.of(ask.hub.registry, ask.hub.threats), ask.language.say
    values = {
        "want": want,
        "listed": listed,
        "filters": [(name, say(words), addresses.with_query("/ports", show=name, q=want.q)) for name, words in FILTERS],
        "blocks": [(say(RANGES[name]), rows) for name, rows in browse.blocks(known, open_ports(ask.sight), want.first)],
        "here": addresses.with_query("/ports", show=want.show, q=want.q),
        "before": want.first - browse.BLOCK if want.first >= browse.BLOCK else None,
        "after": want.last + 1 if want.last < browse.HIGHEST else None,
        "as_of": ask.hub.registry.as_of,
    }
    return Shown("ports.html", values)

"""What the search box suggests while somebody types: a list of options, for htmx to put below the box.

Without scripts nobody asks for it. It is a part of a page and no page: it has no head and no menu.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.searching.entries import GROUPS
from hb_engine.faces.web.searching.finding import find
from hb_engine.faces.web.searching.folding import LONGEST

PAGE = Page("/search/suggest")
EACH, MOST = 4, 10  # options of a group, and in all


async def show(ask: Ask) -> Answer:
    """The options for ?q=."""
    text = ask.query.get("q", "")[:LONGEST].strip()
    options = []
    if text:
        found = await find(ask.hub, text)
        shown = [name for name in found.best if not found.is_poor(name)] or found.best
        options = [one for name in shown for one in found.part(name, 0, EACH) if one.entry.href][:MOST]
    whole = addresses.with_query("/search", q=text, all="1") if text else ""
    return Shown("search_results.html", {"options": options, "text": text, "whole": whole, "GROUPS": GROUPS})

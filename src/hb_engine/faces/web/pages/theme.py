"""Light or dark: a form in the head of every page, which leads back to the page that it stood on.

It refuses to lead anywhere but to pages of ours: an address that a browser would read as another host's leads to the
first page instead.
"""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, Page
from hb_engine.faces.web.themes import cookie

PAGE = Page("/theme", "POST")


async def show(ask: Ask) -> Answer:
    """Keep the choice, and go back."""
    return Moved(own(ask.form.get("back", "")), (("set-cookie", cookie(ask.form.get("theme", ""))),))


def own(address: str) -> str:
    """An address of ours, or the first page's. //host and /\\host are other hosts to a browser (WHATWG URL, 4.4)."""
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"

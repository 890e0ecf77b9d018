"""The end of one's own session: the browser is a stranger again, and its cookie is taken away with the next answer."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Page, Shown

PAGE = Page("/leave", "POST")


async def show(ask: Ask) -> Answer:
    """End the session that asks for it."""
    if ask.session and ask.sessions:
        ask.sessions.end(ask.session.name)
    return Shown("left.html", {"session": None})

"""The end of another browser's session, by somebody who may decide. Then the list, where it is missing."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, Page

PAGE = Page("/sessions/end", "POST", "write")


async def show(ask: Ask) -> Answer:
    """End the session that the form names; one that has ended already is what was wanted."""
    if ask.sessions:
        ask.sessions.end(ask.form.get("session", ""))
    return Moved("/sessions")

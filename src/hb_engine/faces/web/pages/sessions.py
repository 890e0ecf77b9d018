"""Every browser that was let in: since when, whose it is, and what it may do.

A writer ends any of them, anybody their own. It refuses to show anything that a session could be entered by.
"""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Page, Shown

PAGE = Page("/sessions")


async def show(ask: Ask) -> Answer:
    """The list, the newest first."""
    listed = ask.sessions.listed() if ask.sessions else ()
    rows = [(session, ask.now - idle, session == ask.session) for session, idle in listed]
    return Shown("sessions.html", {"rows": rows})

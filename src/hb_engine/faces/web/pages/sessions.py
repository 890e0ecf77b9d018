"""Every browser that was let in: since when, whose it is, and what it may do.

Who may end which is sessions_end.py's business. It refuses to show anything that a session could be entered by.
"""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.pages.sessions_end import may_end

PAGE = Page("/sessions")


async def show(ask: Ask) -> Answer:
    """The list, the newest first."""
    listed = ask.sessions.listed() if ask.sessions else ()
    own = ask.session
    rows = [(one, ask.now - idle, one == own, may_end(own, one)) for one, idle in listed]
    return Shown("sessions.html", {"rows": rows})

"""The end of another browser's session. Then the list, where it is missing.

Somebody who may decide ends any; who may only look, those of the same user that may no more: so a link that was used by
somebody else is no lasting harm where hb serve was started without --write.
"""

from __future__ import annotations

from hb_engine.faces.web.guard.sessions import Session
from hb_engine.faces.web.page import Answer, Ask, Moved, NoRight, Page

PAGE = Page("/sessions/end", "POST")


async def show(ask: Ask) -> Answer:
    """End the session that the form names; one that has ended already is what was wanted. Raises NoRight."""
    name = ask.form.get("session", "")
    listed = ask.sessions.listed() if ask.sessions else ()
    meant = next((session for session, _ in listed if session.name == name), None)
    if ask.sessions and meant:
        if not may_end(ask.session, meant):
            raise NoRight("this session may not end that one", "Who may decide ends it: start hb serve --write.")
        ask.sessions.end(name)
    return Moved("/sessions")


def may_end(own: Session | None, other: Session) -> bool:
    """Whether one session may end another: who decides any, who looks those of the same user that only look too."""
    return own is not None and (own.right == "write" or (other.right == "read" and own.uid == other.uid))

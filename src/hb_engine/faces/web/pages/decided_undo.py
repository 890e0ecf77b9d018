"""The last decision, taken back by the process that has rights, as long as its file is as it was written."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, Page
from hb_engine.faces.web.pages.decided import number_of

PAGE = Page("/audit/{number:str}/undo", method="POST", right="write")


async def show(ask: Ask) -> Answer:
    """On to the decision, as it stands then. Raises BadInput, DataError where it cannot be taken back."""
    number = number_of(ask)
    user, uid = (ask.session.user, ask.session.uid) if ask.session else ("", None)
    await ask.hub.ask("undo", number=number, user=user, uid=uid)
    return Moved(f"/audit/{number}")

"""A decision, carried out by the process that has rights: exactly what the draft showed, or nothing.

What is sent twice is written once, also where the first time has taken the card away: so the key goes along.
"""

from __future__ import annotations

from hb_engine.app.hub.deciding import Changed, Refused
from hb_engine.app.hub.questions.decide import Written
from hb_engine.faces.web import addresses
from hb_engine.faces.web.decisions.form import words
from hb_engine.faces.web.decisions.inbox import inbox
from hb_engine.faces.web.page import Answer, Ask, Moved, Page
from hb_engine.faces.web.pages.drift_card import card_of, shown, unable
from hb_engine.faces.web.pages.drift_draft import drafted
from hb_engine.model.errors import HbError

PAGE = Page("/drift/{id:str}/decision", method="POST", right="write")


async def show(ask: Ask) -> Answer:
    """On to what was written; or what is wrong, or what has changed."""
    key = ask.form.get("key", "")
    if ask.params["id"] not in inbox(ask.sight).by_id and addresses.short(key) == ask.params["id"]:
        again = await ask.hub.ask("decided", ticket=ask.form.get("ticket", ""))
        if again:
            return Moved(f"/audit/{again}")
    card = card_of(ask)
    told = {**words(ask, card), "mark": ask.form.get("mark", ""), "ticket": ask.form.get("ticket", "")}
    told |= {"user": ask.session.user if ask.session else "", "uid": ask.session.uid if ask.session else None}
    try:
        found: Written | Refused | Changed = await ask.hub.ask("decide", **told)
    except HbError as error:
        return unable(ask, card, error)
    if isinstance(found, Refused):
        return shown(ask, card, found.wrong, status=422)
    if isinstance(found, Changed):
        if found.draft is not None:
            return drafted(ask, card, found.draft, again=True)
        return shown(ask, card, changed=found, status=409)
    return Moved(f"/audit/{found.number}")

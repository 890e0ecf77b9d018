"""A decision as a draft: the text that would be written, and what would be decided then. Nothing is written."""

from __future__ import annotations

import secrets

from hb_engine.app.changing.review import Card
from hb_engine.app.hub.deciding import Changed, Draft, Refused
from hb_engine.faces.web import addresses
from hb_engine.faces.web.decisions.form import hidden, words
from hb_engine.faces.web.decisions.telling import commands, helpers
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.pages.drift_card import card_of, shown, unable
from hb_engine.model.errors import HbError

PAGE = Page("/drift/{id:str}", method="POST")


async def show(ask: Ask) -> Answer:
    """The draft; or the card once more, with what is wrong or what has changed."""
    card = card_of(ask)
    try:
        found = await ask.hub.ask("draft", **words(ask, card))
    except HbError as error:
        return unable(ask, card, error)
    if isinstance(found, Refused):
        return shown(ask, card, found.wrong, status=422)
    if isinstance(found, Changed):
        return shown(ask, card, changed=found, status=409)
    return drafted(ask, card, found)


def drafted(ask: Ask, card: Card, draft: Draft, *, again: bool = False) -> Shown:
    """The page of a draft; `again` where the rules changed since the one that was shown before."""
    return Shown(
        "draft.html",
        {
            "card": card,
            "id": addresses.short(card.key),
            "draft": draft,
            "again": again,
            "fields": hidden(ask, draft.asked),
            "ticket": secrets.token_hex(16),
            "commands": commands(draft.folder, draft.path, f"{draft.rule}: {draft.asked.why}"),
            "writing": ask.hub.writing,
            **helpers(ask),
        },
        409 if again else 200,
    )

"""One card: everything that is known of a key that nobody decided, and the form of a decision."""

from __future__ import annotations

from hb_engine.app.changing.review import Card
from hb_engine.app.hub.deciding import Changed
from hb_engine.app.hub.wishes import Wrong
from hb_engine.faces.text import shell_word
from hb_engine.faces.web import addresses
from hb_engine.faces.web.decisions.form import form
from hb_engine.faces.web.decisions.inbox import inbox, speech
from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown
from hb_engine.model.errors import BadInput, HbError

PAGE = Page("/drift/{id:str}")


async def show(ask: Ask) -> Answer:
    """The card. Raises NotThere for one that there is not, or not any more."""
    return shown(ask, card_of(ask))


def card_of(ask: Ask) -> Card:
    """The card of an address. Raises NotThere."""
    found = inbox(ask.sight).by_id.get(ask.params["id"])
    if found is None:
        raise NotThere(
            ask.language.say("Nothing waits for a decision under this address."),
            ask.language.say("It has been decided, or is not open any more. The audit log has what was decided here."),
        )
    return found


def shown(
    ask: Ask, card: Card, wrong: tuple[Wrong, ...] = (), changed: Changed | None = None, status: int = 200
) -> Shown:
    """The page of a card, with what was typed and what is wrong with it, or what has changed since it was shown."""
    return Shown(
        "card.html",
        {
            "card": card,
            "id": addresses.short(card.key),
            "speech": speech(ask.sight, card),
            "evidence": evidence(card),
            "why_command": _why(card),
            "form": form(ask, card, wrong),
            "wrong": wrong,
            "changed": changed,
            **helpers(ask),
        },
        status,
    )


def _why(card: Card) -> str:
    """What a person types to see all of it; the port where the key cannot be typed."""
    one = card.opening
    if one.port is not None and not one.ephemeral:
        return f"hb why {one.port}"
    word = shell_word(card.key)
    return f"hb why {word}" if word else "hb ls"


def unable(ask: Ask, card: Card, error: HbError) -> Shown:
    """The page of a card when nobody could decide on it: what was typed is kept, and what happened is told."""
    status = 422 if isinstance(error, BadInput) else 503
    return shown(ask, card, (Wrong("decision", "", error.message, error.remedy),), status=status)


def evidence(card: Card) -> list[str]:
    """What a verdict stands on, without the findings that are told one by one below it."""
    reasons = card.opening.verdict.reasons if card.opening.verdict else ()
    told = [text for text in card.verdict.evidence if not any(text.startswith(f"{one.rule} (") for one in reasons)]
    return list(dict.fromkeys(told))

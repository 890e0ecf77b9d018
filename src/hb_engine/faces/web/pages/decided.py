"""One decision of the audit log: what was written where, by whom, and how it stands; the last one can be taken back."""

from __future__ import annotations

from hb_engine.faces.web.decisions.inbox import inbox
from hb_engine.faces.web.decisions.telling import commands, helpers
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown

PAGE = Page("/audit/{number:str}")


async def show(ask: Ask) -> Answer:
    """The decision. Raises NotThere for a number that the log does not have."""
    number = number_of(ask)
    read = await ask.hub.ask("audit", number=number)
    if not read.rows:
        raise NotThere(
            ask.language.say("The audit log has no decision %(number)s.", number=number),
            ask.language.say("The log has them all, the newest first."),
        )
    row = read.rows[0]
    entry = row.entry
    folder = entry.file.rpartition("/")[0]
    return Shown(
        "decided.html",
        {
            "number": number,
            "row": row,
            "entry": entry,
            "is_card": any(card.key == entry.key for card in inbox(ask.sight).cards),
            "commands": commands(folder, entry.file, f"{entry.rule}: {entry.why}") if entry.file else [],
            **helpers(ask),
        },
    )


def number_of(ask: Ask) -> int:
    """The number of an address. Raises NotThere for what is none."""
    text = ask.params["number"]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise NotThere(
            ask.language.say("There is no such decision."), ask.language.say("The log has them all, the newest first.")
        )
    return int(text)

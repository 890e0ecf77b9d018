"""One rule: its text as it is written, what it covers now, and what is said that names it."""

from __future__ import annotations

from hb_engine.faces.web.decisions.rules import rulebook
from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.machines.finding import page_of, paged
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown
from hb_engine.model.errors import HbError

PAGE = Page("/baseline/rules/{id:str}")
SIZE, MOST_SAID = 100, 50


async def show(ask: Ask) -> Answer:
    """The rule. Raises NotThere for one that there is not."""
    book = rulebook(ask.sight)
    row = book.by_segment.get(ask.params["id"])
    if row is None:
        raise NotThere(
            ask.language.say("The rules hold no %(rule)s.", rule=ask.params["id"]),
            ask.language.say("Baseline has all rules; one that was written just now is shown with the next look."),
        )
    text = trouble = None
    try:
        text = await ask.hub.ask("rule-text", rule=row.rule.id)
    except HbError as error:
        trouble = error
    part, page, pages = paged(row.covers, page_of(ask.query), SIZE)
    said = book.naming(row.rule)
    return Shown(
        "rule.html",
        {
            "row": row,
            "rule": row.rule,
            "text": text,
            "trouble": trouble,
            "covers": part,
            "page": page,
            "pages": pages,
            "here": ask.url(f"/baseline/rules/{row.segment}"),
            "said": said[:MOST_SAID],
            "more": max(len(said) - MOST_SAID, 0),
            **helpers(ask),
        },
    )

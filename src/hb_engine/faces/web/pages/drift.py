"""The drift inbox: one card for each key that nobody decided, the worst first, with why and on which machines.

Where there is no card, the page says what was looked at and what could not be seen: never that all is well.
"""

from __future__ import annotations

from hb_engine.faces.web.decisions.inbox import SIZE, STATES, inbox, wanted
from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines.finding import page_of, paged
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.model.verdict import SEVERITIES

PAGE = Page("/drift", nav=mark("Drift"), order=40)
MOST_MISSING, MOST_UNSEEN = 50, 20


async def show(ask: Ask) -> Answer:
    """The inbox."""
    box, want = inbox(ask.sight), wanted(ask.query)
    found = box.find(want)
    part, page, pages = paged(found, page_of(ask.query), SIZE)
    return Shown(
        "drift.html",
        {
            "box": box,
            "want": want,
            "found": part,
            "count": len(found),
            "page": page,
            "pages": pages,
            "here": ask.url(want.url("/drift")),
            "states": STATES,
            "severities": SEVERITIES[::-1],
            "hosts": sorted({host for card in box.cards for host in card.hosts})[:500],
            "most_missing": MOST_MISSING,
            "most_unseen": MOST_UNSEEN,
            **helpers(ask),
        },
    )

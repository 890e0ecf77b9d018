"""The register for auditors: allowed ports, protocols and services with owners and needs; what nobody approved first.

It prints on A4 across. A page has a hundred rows of each table, and all of them where that is asked for: for printing.
"""

from __future__ import annotations

from hb_engine import __version__
from hb_engine.app.ruling.register import Line, Unapproved
from hb_engine.faces.web.decisions.registered import approval, forbidden, numbers, reach, registered, review, status
from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines.finding import page_of, paged
from hb_engine.faces.web.page import Answer, Ask, Page, Shown

PAGE = Page("/register", nav=mark("Register"), order=60)
SIZE, EVERY = 100, 5000


async def show(ask: Ask) -> Answer:
    """The page; that of a machine without a baseline says how one begins."""
    made = registered(ask.hub, ask.sight)
    if made is None:
        return Shown("register.html", {"made": None, **helpers(ask)})
    size = EVERY if ask.query.get("all") == "1" else SIZE
    number = page_of(ask.query)
    longest = max(made.allowed, made.unapproved, made.unjudged, made.forbidden, made.machines, key=len)
    _, number, pages = paged(longest, number, size)

    def part(rows: tuple[object, ...]) -> tuple[object, ...]:
        return rows[(number - 1) * size : number * size]

    return Shown(
        "register.html",
        {
            "made": made,
            "version": __version__,
            "numbers": numbers(ask.language, made),
            "allowed": part(made.allowed),
            "unapproved": part(made.unapproved),
            "unjudged": part(made.unjudged),
            "forbidden": part(made.forbidden),
            "machines": part(made.machines),
            "page": number,
            "pages": pages,
            "here": ask.url("/register"),
            **_cells(ask, made.made_at),
            **helpers(ask),
        },
    )


def _cells(ask: Ask, now: float) -> dict[str, object]:
    def approved(line: Line) -> str:
        return approval(ask, line)

    def due(line: Line) -> str:
        return review(ask, line, now)

    def far(line: Line) -> str:
        return reach(ask, line)

    def closed(line: Line) -> str:
        return forbidden(ask, line)

    def why(one: Unapproved) -> str:
        return status(ask, one)

    return {"approved": approved, "due": due, "far": far, "closed": closed, "status": why}

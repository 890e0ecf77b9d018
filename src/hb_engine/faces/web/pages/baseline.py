"""The baseline: its files and packs, its rules with what each covers now, and whatever is wrong with them.

A baseline that cannot be used is shown by its mistakes: they are the page then. Where there is none, the page says how
one begins.
"""

from __future__ import annotations

from hb_engine.app.hub.questions.rules import Rules
from hb_engine.faces.web.decisions.kept import kept
from hb_engine.faces.web.decisions.rules import SIZE, VIEWS, rulebook, wanted
from hb_engine.faces.web.decisions.telling import helpers
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines.finding import page_of, paged
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.model.errors import HbError

PAGE = Page("/baseline", nav=mark("Baseline"), order=50)


async def show(ask: Ask) -> Answer:
    """The page."""
    book, want = rulebook(ask.sight), wanted(ask.query)
    read, trouble = await told(ask)
    unused = frozenset(read.unused) if read else frozenset()
    found = book.find(want, unused, ask.now)
    part, page, pages = paged(found, page_of(ask.query), SIZE)
    return Shown(
        "baseline.html",
        {
            "book": book,
            "want": want,
            "read": read,
            "trouble": trouble,
            "found": part,
            "count": len(found),
            "counts": {view: book.count(view, unused, ask.now) for view in VIEWS},
            "page": page,
            "pages": pages,
            "here": ask.url(want.url()),
            **helpers(ask),
        },
    )


async def told(ask: Ask) -> tuple[Rules | None, HbError | None]:
    """What the process with rights says of the files, or why it says nothing."""
    try:
        return await kept(ask, "rules"), None
    except HbError as error:
        return None, error

"""All machines: what each is, when it was seen and by whom, and in numbers what is open and odd there.

The worst first, or in an order that the address asks for; a page has a hundred of them.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines import finding, headline, rows
from hb_engine.faces.web.page import Answer, Ask, Page, Shown

PAGE = Page("/machines", nav=mark("Machines"), order=30)
SIZE = 100
ORDERS = {
    "name": lambda one: one.machine.name.lower(),
    "seen": lambda one: one.machine.seen.taken_at,
    "openings": lambda one: -one.numbers.openings,
    "drift": lambda one: -one.numbers.drift,
    "debt": lambda one: -one.numbers.debt,
    "gaps": lambda one: -one.numbers.gaps,
}
NAMES = (
    ("", mark("the worst first")),
    ("name", mark("by name")),
    ("seen", mark("the longest unseen first")),
    ("openings", mark("the most ways in first")),
    ("drift", mark("the most drift first")),
    ("debt", mark("the most never reviewed first")),
    ("gaps", mark("the least seen first")),
)


async def show(ask: Ask) -> Answer:
    """The table."""
    words, sort = ask.query.get("q", "").strip(), ask.query.get("sort", "")
    found = [one for one in rows.worst_first(ask.sight) if fits(one, words)]
    if sort in ORDERS:
        found.sort(key=ORDERS[sort])
    part, page, pages = finding.paged(found, finding.page_of(ask.query), SIZE)
    sort = sort if sort in ORDERS else ""
    return Shown(
        "machines.html",
        {
            "found": part,
            "count": len(found),
            "words": words,
            "sort": sort,
            "orders": [(key, ask.language.say(text)) for key, text in NAMES],
            "system_of": headline.system,
            "page": page,
            "pages": pages,
            "here": ask.url(addresses.with_query("/machines", q=words, sort=sort)),
        },
    )


def fits(one: rows.Rows, words: str) -> bool:
    """Whether a machine's name, system, addresses or labels have all these words."""
    host = one.machine.seen.host
    text = "\n".join((one.machine.name, host.name, host.system, one.machine.source, *host.addresses, *host.labels))
    return all(word in text.lower() for word in words.lower().split())

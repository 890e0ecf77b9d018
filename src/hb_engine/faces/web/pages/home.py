"""The first page, in one screen: what is open on the machines in sight, the worst first, and what to do next.

One machine's rows stand here themselves; of many, each is a line of numbers, and the worst openings of all stand above.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines import finding, headline, rows
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.pages.machine import helpers
from hb_engine.faces.web.pages.machines import fits

PAGE = Page("/", nav=mark("Now"), order=0)
SIZE = 30  # machines on a page


async def show(ask: Ask) -> Answer:
    """The page."""
    machines = rows.worst_first(ask.sight)
    values = one(machines[0]) if len(machines) == 1 else many(ask, machines)
    return Shown("home.html", {**values, **helpers(ask), "since": None, "next": next_steps(machines)})


def next_steps(machines: tuple[rows.Rows, ...]) -> list[str]:
    """Commands that a person would type next."""
    return ["hb check"] if any(one.machine.report for one in machines) else ["hb learn"]


def one(machine: rows.Rows) -> dict[str, object]:
    """What the page of a single machine shows."""
    shown = headline.notable(machine)
    return {
        "single": machine,
        "shown": shown,
        "rest": headline.rest(machine, shown),
        "system": headline.system(machine),
    }


def many(ask: Ask, machines: tuple[rows.Rows, ...]) -> dict[str, object]:
    """What the page of many machines shows, or of none."""
    words = ask.query.get("q", "").strip()
    fitting = [each for each in machines if fits(each, words)] if words else machines
    part, page, pages = finding.paged(fitting, finding.page_of(ask.query), SIZE)
    return {
        "single": None,
        "worst": headline.worst(machines),
        "part": part,
        "count": len(fitting),
        "totals": totals(ask),
        "words": words,
        "page": page,
        "pages": pages,
        "here": ask.url(addresses.with_query("/", q=words)),
        "system_of": headline.system,
    }


def totals(ask: Ask) -> dict[str, int]:
    """The numbers of all machines together."""
    return rows.SHELF.of(ask.sight, "totals", lambda sight: _totals(rows.of(sight)))


def _totals(machines: tuple[rows.Rows, ...]) -> dict[str, int]:
    told = [each.numbers for each in machines]
    return {
        "machines": len(told),
        "openings": sum([each.openings for each in told]),
        "public": sum([each.public for each in told]),
        "odd": sum([each.odd for each in told]),
        "quiet": sum([not each.odd for each in told]),
        "gaps": sum([bool(each.gaps or each.nameless) for each in told]),
    }

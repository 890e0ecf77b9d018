"""The first page, in one screen: what is open on the machines in sight, the worst first, and what to do next.

One machine's rows stand here themselves; of many, each is a line of numbers, and the worst openings of all stand above.
"""

from __future__ import annotations

from hb_engine.faces.stories.order import is_noise
from hb_engine.faces.stories.owners import why_query
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines import finding, headline, rows
from hb_engine.faces.web.machines.past import PASTS
from hb_engine.faces.web.machines.words import CHANGES, said
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.pages.machine import helpers
from hb_engine.faces.web.pages.machine_changes import MARKS, before
from hb_engine.faces.web.pages.machines import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.app.hub.questions.changes import Changed
    from hb_engine.app.hub.sight import Sight

PAGE = Page("/", nav=mark("Now"), order=0)
SIZE = 20  # machines on a page
FEW, MOST = 6, 60  # changes that are told, and asked for
NEWS = ("opened", "widened", "owner")  # of model.history: what lets in more than before, or somebody else
HOUR, DAY = 3600.0, 86400.0


async def show(ask: Ask) -> Answer:
    """The page."""
    machines = rows.worst_first(ask.sight)
    values = rows.SHELF.of(ask.sight, "home", lambda _: one(machines[0])) if len(machines) == 1 else many(ask, machines)
    since = await since_yesterday(ask, machines)
    return Shown("home.html", {**values, **helpers(ask), "since": since, "next": next_steps(ask.sight, machines)})


async def since_yesterday(ask: Ask, machines: tuple[rows.Rows, ...]) -> dict[str, object]:
    """What changed in the last day, on the machine or on all of them, without clients and idle sockets."""
    host = machines[0].machine.seen.host.name if len(machines) == 1 else ""
    since = ask.now - ask.now % HOUR - DAY  # of an hour, so that its readers ask the same
    asked = await PASTS.changes(ask.hub, since, MOST, host)
    names = {one.machine.seen.host.name: one.machine.name for one in machines}
    told = asked.changes.changes if asked.changes else ()
    found = [one for one in told if not is_noise(one.change.opening) and one.host in names]
    found = news_first(found)
    hosts = [host] if host else sorted({one.host for one in found})
    return {
        "asked": asked,
        "changes": [(names[one.host], one.change) for one in found[:FEW]],
        "more": len(found) - len(found[:FEW]) + (asked.changes.more if asked.changes else 0),
        "named": len(machines) > 1,
        "path": ask.url(addresses.changes(names[hosts[0]])) if len(hosts) == 1 else "",
        "change_mark": lambda kind: MARKS.get(kind, "note"),
        "change_word": lambda kind: said(ask.language, CHANGES, kind),
        "before": lambda one: before(ask, one),
    }


def news_first(found: Iterable[Changed]) -> list[Changed]:
    """Changes, the latest first, with what lets in more before all others; what closed again lets nobody in."""
    news: list[Changed] = []
    others: list[Changed] = []
    closed: set[tuple[str, str]] = set()
    for one in found:
        place, kind = (one.host, one.change.opening.key), one.change.kind
        (news if kind in NEWS and place not in closed else others).append(one)
        if kind == "closed":
            closed.add(place)
    return news + others


def next_steps(sight: Sight, machines: tuple[rows.Rows, ...]) -> list[str]:
    """Commands that a person would type next, on the machine that these pages come from."""
    here = next((one for one in machines if not one.machine.source), None)
    worst = here.shown[0] if here and here.shown else None
    asks = why_query(worst.opening) if worst and worst.odd else None
    ruled = any(one.machine.report for one in machines)
    then = "hb lint" if sight.misruled else "hb check" if ruled else "hb learn --now"
    return [*([f"hb why {asks}"] if asks else []), then]


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
        "alarms": sum([each.alarms for each in told]),
        "quiet": sum([not each.odd for each in told]),
        "gaps": sum([bool(each.gaps or each.nameless) for each in told]),
    }

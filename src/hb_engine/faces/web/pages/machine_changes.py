"""What changed on a machine, by day, the latest first: as the looks that are kept showed it.

A change is told at the look that showed it. Clients and idle sockets come and go all day: they are folded away unless
they are asked for, and never silently.
"""

from __future__ import annotations

from itertools import groupby

from hb_engine.faces.stories.history import detail
from hb_engine.faces.stories.order import is_noise
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines import finding
from hb_engine.faces.web.machines.past import DAYS, PASTS
from hb_engine.faces.web.machines.timeline import day_name, day_of
from hb_engine.faces.web.machines.who import who
from hb_engine.faces.web.machines.words import CHANGES, SCOPES, said
from hb_engine.faces.web.page import Answer, Ask, Page, Shown
from hb_engine.faces.web.pages.machine import found, helpers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.history import Change

PAGE = Page("/machines/{name:str}/changes")
SIZE, MOST = 120, 500  # changes on a page; that are asked for
MARKS = {"opened": "look", "widened": "alarm", "owner": "alarm", "closed": "note", "narrowed": "note", "facts": "note"}


async def show(ask: Ask) -> Answer:
    """The page: of ninety days, or of the one that the address names."""
    machine = found(ask).machine
    day = day_of(ask.query.get("day", ""))
    since = day[0] if day else since_days(ask.now)
    asked = await PASTS.changes(ask.hub, since, MOST, machine.seen.host.name)
    every = ask.query.get("every") == "1"
    changes = [one.change for one in asked.changes.changes] if asked.changes else []
    changes = [one for one in changes if day is None or one.at < day[1]]
    shown = changes if every else [one for one in changes if not is_noise(one.opening)]
    part, page, pages = finding.paged(shown, finding.page_of(ask.query), SIZE)
    path = ask.url(addresses.changes(machine.name))
    return Shown(
        "changes.html",
        {
            **helpers(ask),
            "machine": machine,
            "asked": asked,
            "day": day[0] if day else None,
            "days": [(date, list(of)) for date, of in groupby(part, key=lambda one: day_name(one.at))],
            "count": len(shown),
            "folded": len(changes) - len(shown),
            "more": asked.changes.more if asked.changes else 0,
            "page": page,
            "pages": pages,
            "path": path,
            "here": addresses.with_query(path, every="1" if every else "", day=day_name(day[0]) if day else ""),
            "change_mark": lambda kind: MARKS.get(kind, "note"),
            "change_word": lambda kind: said(ask.language, CHANGES, kind),
            "before": lambda one: before(ask, one),
        },
    )


def since_days(now: float) -> float:
    """When the last ninety days began: at a midnight, so that all readers of a day ask the same."""
    today = day_of(day_name(now))
    return (today[0] if today else now) - (DAYS - 1) * 86400.0


def before(ask: Ask, change: Change) -> str:
    """What was otherwise before, in a phrase."""
    was = change.previous
    if was is None or change.kind in ("opened", "closed"):
        return "\u2013"
    if change.kind in ("widened", "narrowed"):
        return said(ask.language, SCOPES, was.scope)
    return who(ask.language, was) if change.kind == "owner" else detail(change)

"""What changed on a machine, as the looks that were kept showed it: the latest first.

Between two looks nobody knows; each change tells both. It refuses to make a machine without history look like one on
which nothing changed: there must have been a look (hb record).
"""

from __future__ import annotations

from hb_engine.app.hub.sight import Trouble
from hb_engine.faces.export.history_json import changed
from hb_engine.faces.web.addresses import short
from hb_engine.faces.web.api.answering import Asked, handler, page
from hb_engine.faces.web.api.cursors import Key, cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.problems import NotYet
from hb_engine.faces.web.api.shapes_lists import Changes
from hb_engine.model.history import CHANGES, Change
from hb_engine.wire.dates import DAY, iso

MOST = 500  # that the process with the history tells at once
DAYS = 3650
LIST = Route(
    "/machines/{name}/changes",
    "changes",
    "What changed on a machine, as kept looks showed it",
    Changes,
    (
        LIMIT,
        CURSOR,
        Parameter("days", "how far back", "number", first=1, last=DAYS, usual=90),
        Parameter("change", "only changes of this kind", "word", CHANGES),
    ),
    order="the latest first",
    kept=False,
    asks=True,
)


async def changes(asked: Asked) -> str:
    """A part of the changes. Raises NotYet where nobody keeps looks of that machine, and what the history raises."""
    words, name = asked.words, asked.machine.seen.host.name
    since = asked.hub.clock() - words["days"] * DAY
    told = await asked.hub.ask("changes", since=since, limit=MOST, host=name)
    if told.last is None:
        raise NotYet(f"no look at {name!r} was kept, so nobody can say what changed", "hb record keeps one.")
    found = sorted(
        [(_key(one.change), one.change) for one in told.changes if words["change"] in (None, one.change.kind)],
        key=lambda pair: pair[0],
    )
    part = cut(LIST.name, [key for key, _ in found], words["cursor"], words["limit"])
    missing = []
    if told.more:
        missing.append(Trouble("history", f"{told.more} older changes are left out", "hb history tells all of them."))
    if told.first is not None and told.first > since:
        missing.append(Trouble("history", f"it begins at {iso(told.first)}", "What was before, nobody can say."))
    shown = [one for _, one in found[part.start : part.end]]
    return page(asked, part, len(found), lambda q: [changed(one, q) for one in shown], missing)


def _key(one: Change) -> Key:
    was = one.previous.key if one.previous else ""
    return -int(one.at * 1000), short(f"{one.kind}\0{one.opening.key}\0{was}")


ROUTES = ((LIST, changes),)
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

"""The search of the pages, for programs: the same question, the same order, in parts."""

from __future__ import annotations

from hb_engine.faces.web.api.answering import Asked, handler, page
from hb_engine.faces.web.api.cursors import Key, Keys, cut
from hb_engine.faces.web.api.declaring import CURSOR, LIMIT, Parameter, Route
from hb_engine.faces.web.api.shapes_lists import Hits
from hb_engine.faces.web.searching.entries import GROUPS, Entry
from hb_engine.faces.web.searching.finding import Found, Shown, find
from hb_engine.faces.web.searching.folding import LONGEST
from hb_engine.faces.web.searching.index import Hit
from hb_engine.wire.json_text import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.wire.json_text import Quote

ORDER = tuple(GROUPS)
LIST = Route(
    "/search",
    "search",
    "Ports, machines, processes, services, rules, findings and threats that have all of some words",
    Hits,
    (
        Parameter("q", "numbers of ports, ranges of them, and words; the first 8 words count", longest=LONGEST),
        Parameter("group", "only of this group", "word", ORDER),
        LIMIT,
        CURSOR,
    ),
    order=f"by group ({', '.join(ORDER)}), in each the best first",
    needs_look=False,
    required=("q",),
)


async def search(asked: Asked) -> str:
    """A part of what was found."""
    words = asked.words
    found = await find(asked.hub, words["q"])
    hits = [
        (place, hit)
        for place, group in enumerate(ORDER)
        if words["group"] in (None, group)
        for hit in _hits(found, group)
    ]
    part = cut(LIST.name, Keys(hits, lambda pair: _key(found, *pair)), words["cursor"], words["limit"])
    told = [_shown(found, ORDER[place], hit) for place, hit in hits[part.start : part.end]]
    return page(
        asked,
        part,
        len(hits),
        lambda q: [_hit(one, q) for one in told],
        more=lambda q: [
            ("groups", value(found.counts, q)),
            ("suggestions", value(found.suggestions, q)),
        ],
    )


def _hits(found: Found, group: str) -> Sequence[Hit]:
    if group == "ports":
        return [Hit(0, place) for place in range(len(found.ports))]
    return found.hits.get(group, ())


def _key(found: Found, place: int, hit: Hit) -> Key:
    """Where a hit stands: its group, how well it fits, and what it is, which stays when others come and go."""
    group = ORDER[place]
    if group == "ports":
        entry = found.ports[hit.place]
        return place, 0, entry.weight, entry.title, 0
    weight, title, mark = found.index.groups[group].keys[hit.place]
    return place, hit.score, weight, title, mark


def _shown(found: Found, group: str, hit: Hit) -> Shown:
    if group == "ports":
        return Shown(found.ports[hit.place])
    entry: Entry = found.index.groups[group].entries[hit.place]
    return found.shown(entry)


def _hit(one: Shown, q: Quote) -> str:
    entry = one.entry
    told = {
        "group": entry.group,
        "title": entry.title,
        "detail": entry.detail,
        "field": one.field,
        "matched": one.matched,
        "href": entry.href,
    }
    return value(told, q)


ROUTES = ((LIST, search),)
HANDLERS = [handler(route, answer) for route, answer in ROUTES]

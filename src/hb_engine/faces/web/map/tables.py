"""The map for those who do not see it: every opening as a row, and what is registered in each stretch of numbers.

It says the same as the picture, the worst first. It refuses to leave out a row without a page that has it.
"""

from __future__ import annotations

from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.who import who
from hb_engine.faces.web.map.base import Base, kind_of
from hb_engine.faces.web.map.drawing import Drawing
from hb_engine.faces.web.map.hilbert import PORTS
from hb_engine.faces.web.map.overlay import Entry
from hb_engine.faces.web.page import Ask
from hb_engine.model.record import record

ROWS = 25  # of a page
STRETCHES = ((0, 1023), (1024, 4095), *[(first, first + 4095) for first in range(4096, PORTS, 4096)])


@record
class Row:
    """One opening: where its page is, and who holds it."""

    entry: Entry
    name: str
    who: str
    address: str  # empty for what is missing


@record
class Table:
    """One page of the rows."""

    rows: tuple[Row, ...]
    page: int
    pages: int
    count: int
    address: str


@record
class Stretch:
    """Ports from first to last: how many are registered, on both transports or one, and how many a threat names."""

    first: int
    last: int
    both: int
    one: int
    threats: int


def table(ask: Ask, map_: Drawing, page: str, words: dict[str, str]) -> Table:
    """The rows of a page, by its number; the nearest that there is for any other."""
    entries = map_.overlay.entries
    pages = max(-(-len(entries) // ROWS), 1)
    number = min(max(int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1, 1), pages)
    rows = [
        Row(one, map_.named(one.port), who(ask.language, one.opening) if one.opening else "", _address(one))
        for one in entries[(number - 1) * ROWS : number * ROWS]
    ]
    return Table(tuple(rows), number, pages, len(entries), ask.url(addresses.with_query("/map", **words)))


def ranges(base: Base, transport: str) -> tuple[Stretch, ...]:
    """What is registered and linked, stretch by stretch."""
    kept = _STRETCHES.get((base.digest, transport))
    if kept is None:
        kept = _STRETCHES[base.digest, transport] = tuple([_stretch(base, transport, *one) for one in STRETCHES])
    return kept


def _stretch(base: Base, transport: str, first: int, last: int) -> Stretch:
    kinds = [kind_of(flags, transport) for flags in base.flags[first : last + 1]]
    linked = kinds.count("linked both"), kinds.count("linked one")
    both, one = kinds.count("both") + linked[0], kinds.count("one") + linked[1]
    return Stretch(first, last, both, one, kinds.count("threat") + sum(linked))


def _address(one: Entry) -> str:
    return "" if one.opening is None else addresses.opening_of(one.machine, one.opening)


_STRETCHES: dict[tuple[str, str], tuple[Stretch, ...]] = {}

"""The list of all ports: a block of 256, or those that are registered, linked, open here, or that a word finds.

All 65,536 are in it. Numbers of which nothing is known stand together in one line, so that a block is read at a glance,
and no list is longer than a page. Words of an address are anybody's: what is not understood counts as none.
"""

from __future__ import annotations

from hb_engine.app.hub.sight import Sight
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.machines.rows import Row
from hb_engine.faces.web.ports import index
from hb_engine.faces.web.ports.index import Index
from hb_engine.faces.web.ports.standing import open_ports
from hb_engine.model.record import record
from hb_engine.registry.ranges import CLASSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCK, HIGHEST, PAGE = 256, 65535, 200
GROUP = 16  # blocks that are told together
SHOWS = ("", "registered", "open", "linked")
MARKS = ("alarm", "look", "unseen", "note", "ok")  # the worst first


@record
class Wanted:
    """What an address asks for: a block's first port, one of SHOWS, words, and a page of what they find."""

    first: int = 0
    last: int = BLOCK - 1
    show: str = ""
    q: str = ""
    page: int = 1

    @property
    def is_block(self) -> bool:
        """Whether a span of numbers is shown, whatever is known of them."""
        return not self.show and not self.q


@record
class Line:
    """One port, or a run of ports of which nothing is known (`last` is another one then)."""

    first: int
    last: int
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()  # a name with its transports
    description: str = ""
    linked: bool = False
    mark: str = ""  # of the worst that is open there
    machines: int = 0


@record
class Listed:
    """A page of lines, how many there are, and how many pages they fill."""

    lines: tuple[Line, ...]
    count: int
    page: int
    pages: int


def wanted(query: dict[str, str]) -> Wanted:
    """What an address asks for."""
    show = query.get("show", "")
    text = query.get("q", "").strip()
    low, dash, high = text.partition("-")
    if dash and _number(low) is not None and _number(high) is not None:  # 6000-6063
        first, last = sorted((_number(low) or 0, _number(high) or 0))
        return Wanted(first, min(last, first + 4 * BLOCK - 1), "", "")
    first = _number(query.get("from", "")) or 0
    first = first // BLOCK * BLOCK
    return Wanted(
        first, first + BLOCK - 1, show if show in SHOWS else "", text, max(_number(query.get("page", "")) or 1, 1)
    )


def listed(hub: Hub, sight: Sight, want: Wanted) -> Listed:
    """The lines that are asked for."""
    known, opened = index.of(hub.registry, hub.threats), open_ports(sight)
    if want.is_block:
        lines = _runs([_line(port, known, opened) for port in range(want.first, want.last + 1)])
        return Listed(lines, len(lines), 1, 1)
    ports = _chosen(known, opened, want)
    pages = max((len(ports) + PAGE - 1) // PAGE, 1)
    page = min(want.page, pages)
    part = ports[(page - 1) * PAGE : page * PAGE]
    return Listed(tuple([_line(port, known, opened) for port in part]), len(ports), page, pages)


def blocks(
    known: Index, opened: Mapping[int, tuple[object, ...]], near: int = 0
) -> tuple[tuple[str, tuple[tuple[int, int, int, int], ...]], ...]:
    """All numbers by their range: first port, last port, how many are registered, how many are open here.

    Blocks are told one by one near a port, and GROUP of them together elsewhere.
    """
    registered = [0] * (HIGHEST // BLOCK + 1)
    for port in known.names:
        registered[port // BLOCK] += 1
    here = [0] * len(registered)
    for port in opened:
        here[port // BLOCK] += 1
    return tuple(
        [
            (
                name,
                tuple(
                    [
                        (at * BLOCK, end * BLOCK - 1, sum(registered[at:end]), sum(here[at:end]))
                        for at, end in _spans(first // BLOCK, last // BLOCK + 1, near // BLOCK)
                    ]
                ),
            )
            for name, first, last in CLASSES
        ]
    )


def _spans(first: int, end: int, near: int) -> list[tuple[int, int]]:
    """Blocks by their numbers, those of one group together but where `near` is one of them."""
    found: list[tuple[int, int]] = []
    while first < end:
        after = min((first // GROUP + 1) * GROUP, end)
        is_near = first // GROUP == near // GROUP
        found += [(at, at + 1) for at in range(first, after)] if is_near else [(first, after)]
        first = after
    return found


def _chosen(known: Index, opened: Mapping[int, tuple[object, ...]], want: Wanted) -> list[int]:
    """The ports that a filter and words let through, by number."""
    pools = {"registered": known.names.keys(), "open": opened.keys(), "linked": known.linked}
    words = want.q.lower().split()[:8]
    pool = pools.get(want.show, known.known)
    return sorted([port for port in pool if not words or _fits(port, known, words)])


def _fits(port: int, known: Index, words: list[str]) -> bool:
    text = known.texts.get(port) or str(port)
    return all(word in text for word in words)


def _line(port: int, known: Index, opened: Mapping[int, tuple[tuple[object, Row], ...]]) -> Line:
    names: dict[str, tuple[str, ...]] = {}
    for transport, told in known.names.get(port, {}).items():
        for name in told:
            names[name] = (*names.get(name, ()), *([transport] if transport else []))
    here = opened.get(port, ())
    marks = {row.mark for _, row in here}
    description = known.described.get(port, "")
    return Line(
        port,
        port,
        tuple(names.items()),
        "" if description.lower() in {name.lower() for name in names} else description,
        port in known.linked,
        next((mark for mark in MARKS if mark in marks), ""),
        len({id(rows) for rows, _ in here}),
    )


def _runs(lines: list[Line]) -> tuple[Line, ...]:
    """Ports of which nothing is known, put together."""
    told: list[Line] = []
    for line in lines:
        bare = not (line.names or line.linked or line.mark)
        last = told[-1] if told else None
        if bare and last is not None and not (last.names or last.linked or last.mark):
            told[-1] = Line(last.first, line.last)
        else:
            told.append(line)
    return tuple(told)


def _number(text: str) -> int | None:
    text = text.strip()
    return min(int(text), HIGHEST) if text.isascii() and text.isdigit() and len(text) < 10 else None

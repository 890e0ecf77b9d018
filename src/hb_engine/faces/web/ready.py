"""A new sight made ready before it is shown, so that no visitor waits for its rows, its map or its index.

What pages make of a sight once is made here in a thread, while the sight before is shown: with tens of thousands of
openings that takes seconds. Python's lock is handed over every half a millisecond meanwhile, and no garbage is looked
for: a collection walks through all that was just made and stops every thread. A fault in one of these makings is told
by the page that wants it, and holds up no sight.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import contextmanager, suppress

from hb_engine.app.hub import wires
from hb_engine.app.hub.sight import Fresh, Sight
from hb_engine.faces.web.decisions import inbox, registered, rules
from hb_engine.faces.web.hub import Hub
from hb_engine.faces.web.machines import rows
from hb_engine.faces.web.map import drawing
from hb_engine.faces.web.ports import standing
from hb_engine.faces.web.searching import finding, index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGE = 1 << 18  # bytes of a sight that is unpacked beside the loop, so that pages go on
TURN = 0.0005  # seconds after which a thread hands Python's lock over: pages answer in a few such
YOUNG = 1_000  # objects more than before until garbage is looked for: a page leaves 200, 50,000 are freed in 0.1 s

PARTS: tuple[Callable[[Hub, Sight], object], ...] = (
    lambda _, sight: [one.numbers for one in rows.worst_first(sight)],
    lambda _, sight: rows.find(sight, ""),
    lambda _, sight: standing.stands(sight, 1, ("tcp", "udp")),
    lambda hub, sight: drawing.drawing(hub, sight, drawing.Choice()),
    index.INDEXES.made,
    finding.OPENED.made,
    lambda _, sight: inbox.inbox(sight).cards,
    lambda _, sight: rules.rulebook(sight),
    registered.registered,
)


def settle() -> None:
    """How this process hands Python's lock over, and when it looks for garbage. What it has loaded stays."""
    sys.setswitchinterval(TURN)
    gc.set_threshold(YOUNG, 20, 50)
    gc.collect()
    gc.freeze()


async def unpacked(body: bytes) -> Sight | Fresh:
    """What a looker has sent."""
    if len(body) <= LARGE:
        small: Sight | Fresh = wires.loaded(body)
        return small
    with _uncollected():
        large: Sight | Fresh = await asyncio.to_thread(wires.loaded, body)
        return large


async def make(hub: Hub, sight: Sight, parts: tuple[Callable[[Hub, Sight], object], ...] = PARTS) -> None:
    """Make a sight ready. It is not shown yet."""
    with _uncollected():
        await asyncio.to_thread(_made, hub, sight, parts)


def _made(hub: Hub, sight: Sight, parts: tuple[Callable[[Hub, Sight], object], ...]) -> None:
    for part in parts:
        with suppress(Exception):  # whoever opens the page that wants it is told
            part(hub, sight)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile. What was made stays for as long as the sight: it is not looked through again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.collect(1)
            gc.freeze()
            gc.enable()

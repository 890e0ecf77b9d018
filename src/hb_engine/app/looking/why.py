"""`hb why`: the whole story of one port, process or unit; nothing is taken from memory here."""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.looking.look import look
from hb_engine.app.looking.port import page_of
from hb_engine.model.answer import Answer
from hb_engine.model.assignment import PortPage
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.inventory import Coverage, Inventory
from hb_engine.model.opening import Opening
from hb_engine.model.record import record, replace
from hb_engine.registry import query as questions
from hb_engine.registry.assignments import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.remembering.history import Known

MOST = 12  # openings that are asked
REMEDY = "Type a port, tcp/1703, a registered name, or a process or unit that hb ls shows."


@record
class Story:
    """What is told: the openings meant, the page of the port if it is one, and evidence gathered besides.

    `details` has sentences by name for each opening's key; `spoken` what each said when it was asked, by key, None
    where nobody was.
    """

    query: str
    coverage: Coverage
    openings: tuple[Opening, ...]
    details: dict[str, dict[str, str]]
    transport: str | None = None
    port: int | None = None
    page: PortPage | None = None
    spoken: dict[str, Answer] | None = None


def why(text: str, *, ask: bool = False) -> Story:
    """The story of a port by number or name, else of a process or unit. Raises BadInput, CannotLook, DataError.

    `ask` has what is open asked what it speaks, over this machine's own addresses; a few seconds at most. What it says
    is judged, and so is what history knows.
    """
    story, seen = _told(text)
    if not story.openings:
        return replace(story, spoken={}) if ask else story
    from hb_engine.app.looking.again import again  # a closed port needs none of it

    spoken = _spoken(story.openings) if ask else None
    told = replace(story, spoken=spoken, openings=again(seen, story.openings, spoken or {}, _known()))
    return _ruled(told, seen)


def _ruled(story: Story, seen: Inventory) -> Story:
    """The story with what the baseline says of each opening, where there is one."""
    from hb_engine.app.ruling.standing import sentence, standings

    found = standings(seen, story.spoken)
    if not found:
        return story
    details = {
        opening.key: {**story.details.get(opening.key, {}), "rule": sentence(found[opening.key])}
        for opening in story.openings
        if opening.key in found
    }
    return replace(story, details={**story.details, **details})


def _known() -> Known | None:
    from hb_engine.app.remembering.history import known  # brings a database along

    try:
        return known()
    except DataError:
        return None  # hb history says what is wrong with its file; the story can do without


def _spoken(openings: tuple[Opening, ...]) -> dict[str, Answer]:
    from hb_engine.app.looking import own  # brings the probes along

    return own.speaks(openings[:MOST], own.QUICK)


def _told(text: str) -> tuple[Story, Inventory]:
    """The story as far as nobody was asked, and the look that it came from."""
    registry = Registry.open(folders.data())
    asked = questions.parse(text, lambda name: bool(registry.named(name)))
    if asked.port is not None:
        return _of_port(text, asked.port, asked.transport, registry)
    return _of_name(text, asked.text, asked.transport, registry)


def _of_port(text: str, port: int, transport: str | None, registry: Registry) -> tuple[Story, Inventory]:
    seen = look(frozenset((port,)), fresh=True, hidden=True)
    openings = tuple([opening for opening in seen.openings if transport in (None, opening.transport)])
    return Story(text, seen.coverage, openings, _details(openings), transport, port, page_of(port, registry)), seen


def _of_name(text: str, name: str, transport: str | None, registry: Registry) -> tuple[Story, Inventory]:
    """A process or unit of that name if one has something open; else the port that is registered under it."""
    seen = look(fresh=True)
    asked = [opening for opening in seen.openings if transport in (None, opening.transport)]
    openings = tuple([opening for opening in asked if _is_meant(opening, name.lower())])
    ports = {opening.port for opening in openings}
    if openings and len(ports) == 1 and (port := ports.pop()) is not None:
        return Story(text, seen.coverage, openings, _details(openings), transport, port, page_of(port, registry)), seen
    if openings:
        return Story(text, seen.coverage, openings, _details(openings), transport), seen
    registered = {row.first for row in registry.named(name) if row.first is not None and row.status == "assigned"}
    if len(registered) != 1:
        raise BadInput(f"nothing that is open here goes by {name!r}, and no one port is registered under it", REMEDY)
    port = registered.pop()
    found = tuple([opening for opening in asked if opening.port == port])
    return Story(text, seen.coverage, found, _details(found), transport, port, page_of(port, registry)), seen


def _is_meant(opening: Opening, name: str) -> bool:
    names = [opening.unit or "", opening.container.name if opening.container else ""]
    for owner in opening.owners:
        names += [owner.comm, os.path.basename(owner.exe or ""), owner.unit or "", owner.script or ""]
        names += [owner.package.name if owner.package else "", owner.container.name if owner.container else ""]
    return any(name in (each.lower(), each.lower().removesuffix(".service")) for each in names if each)


def _details(openings: tuple[Opening, ...]) -> dict[str, dict[str, str]]:
    try:
        from hb_engine.inventory.linux import evidence
    except ImportError:  # not Linux
        return {}
    return {opening.key: evidence.of(opening) for opening in openings}

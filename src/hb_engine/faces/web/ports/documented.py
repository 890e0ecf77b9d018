"""A port as a document: what `hb port 1703 --json` prints, made of what the pages know.

`openings` and `coverage` are this machine's, as in a terminal; `machines` has every machine that the pages show. One
that nobody has looked at has null, and no empty list.
"""

from __future__ import annotations

from hb_engine.app.looking.port import Found, page_of
from hb_engine.faces.export import documents
from hb_engine.faces.web.page import Ask, File
from hb_engine.faces.web.ports import asking
from hb_engine.faces.web.ports.address import Asked
from hb_engine.faces.web.ports.standing import spoken_as
from hb_engine.model.inventory import Inventory
from hb_engine.model.opening import Opening
from hb_engine.registry.ranges import elsewhere

MEDIA = "application/json"


async def document(ask: Ask, asked: Asked) -> File:
    """The document of a port, or of one of its transports; nobody is asked for it."""
    told = await asking.pressure_kept(ask.hub, asked.port)
    look = told.value.look if told.value else None
    body = documents.port(found(ask, asked), (look.days, look.attribution) if look else None, machines(ask, asked))
    return File(body.encode(), MEDIA)


def found(ask: Ask, asked: Asked) -> Found:
    """What the command line would find, from the sight's look at this machine."""
    here = next((one.seen for one in ask.sight.machines if not one.source), None)
    return Found(
        query=f"{asked.transport}/{asked.port}" if asked.transport else str(asked.port),
        page=page_of(asked.port, ask.hub.registry, ask.hub.threats),
        openings=opened(here, asked) if here else None,
        coverage=here.coverage if here else None,
        elsewhere=elsewhere(asked.port),
        problem=ask.hub.registry.problem,
        transport=asked.transport or None,
    )


def machines(ask: Ask, asked: Asked) -> tuple[documents.Here, ...]:
    """Each machine of the sight with its openings on the port."""
    return tuple(
        [
            documents.Here(one.name, one.source, one.seen.taken_at, opened(one.seen, asked), one.seen.coverage)
            for one in ask.sight.machines
        ]
    )


def opened(seen: Inventory, asked: Asked) -> tuple[Opening, ...]:
    """The openings of a machine on a port."""
    return tuple([one for one in seen.openings if one.port == asked.port and asked.transport in ("", spoken_as(one))])

"""A person asks SANS ISC how hard the Internet scans a port: one question, by its terms, and only ever from here."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, NotThere, Page, Shown
from hb_engine.faces.web.ports import address, asking
from hb_engine.faces.web.ports.view import view
from hb_engine.model.errors import HbError, TooSoon, Unreachable

PAGE = Page("/ports/{port:str}/pressure", method="POST")


async def show(ask: Ask) -> Answer:
    """Ask, and lead back to the page; where it was not to be had, the page says why. Raises NotThere, HbError."""
    port = address.number(ask.params["port"])
    if not port:
        raise NotThere(f"there are no counts for port {ask.params['port'][:40]!r}", "Ask for a port from 1 to 65535.")
    try:
        await ask.hub.ask("pressure", port=port)
    except (TooSoon, Unreachable) as error:
        return await _failed(ask, port, error)
    asking.memory(ask.hub).forget("pressure-kept")
    return Moved(f"/ports/{port}#pressure")


async def _failed(ask: Ask, port: int, error: HbError) -> Shown:
    """The page as it was, with what went wrong where the button is."""
    return Shown("port.html", {**await view(ask, port), "failed": error}, 503 if isinstance(error, TooSoon) else 502)

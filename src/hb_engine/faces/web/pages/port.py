"""A port's page: what it is registered for, what has been linked with it, and what is there now; and its document.

/ports/1703.json beside it is what `hb port 1703 --json` prints, with what this network has there.
"""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Moved, Page, Shown
from hb_engine.faces.web.ports import address, documented
from hb_engine.faces.web.ports.view import view

PAGE = Page("/ports/{port:str}")


async def show(ask: Ask) -> Answer:
    """The page of one port, or the document. Raises NotThere for what is no port."""
    return await shown(ask, "")


async def shown(ask: Ask, transport: str) -> Answer:
    """The same, for one of its transports."""
    asked = address.asked(ask.params["port"], ask.hub.registry, transport)
    if isinstance(asked, Moved):
        return asked
    if asked.json:
        return await documented.document(ask, asked)
    return Shown("port.html", await view(ask, asked.port, asked.transport))

"""One transport of a port: /ports/1703/tcp. The same page, about that transport alone."""

from __future__ import annotations

from hb_engine.faces.web.page import Answer, Ask, Page
from hb_engine.faces.web.pages.port import shown

PAGE = Page("/ports/{port:str}/{transport:str}")


async def show(ask: Ask) -> Answer:
    """The page of one transport. Raises NotThere for what is no port, or no transport with ports of its own."""
    return await shown(ask, ask.params["transport"])

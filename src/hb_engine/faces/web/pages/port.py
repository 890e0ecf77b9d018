"""A port's page: what it is registered for, what has been linked with it, and what is there now."""

from __future__ import annotations

from hb_engine.app.looking.port import page_of
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown

PAGE = Page("/ports/{port:str}")


async def show(ask: Ask) -> Answer:
    """The page of one port. Raises NotThere for what is no port."""
    text = ask.params["port"]
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise NotThere(f"there is no port {text}", "Ports are numbers from 0 to 65535.")
    return Shown("port.html", {"page": page_of(int(text), ask.hub.registry)})

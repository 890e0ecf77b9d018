"""Home Assistant, which keeps a house. Source: home-assistant/frontend, index.html."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Home Assistant")


def recognise(page: Page) -> Identity | None:
    """Its title with the scripts of its frontend."""
    if title(page) != "Home Assistant" or b"/frontend_latest/" not in page.body:
        return None
    return application(
        "Home Assistant", evidence="Home Assistant, /frontend_latest/", cpe="home-assistant:home-assistant"
    )

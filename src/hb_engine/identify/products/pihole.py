"""Pi-hole, a filter for names. Source: Pi-hole, its headers X-Pi-hole, and the redirect to /admin/."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Pi-hole")


def recognise(page: Page) -> Identity | None:
    """Its header, or its login page."""
    if page.header("x-pi-hole"):
        return application("Pi-hole", evidence=line_of(page, "x-pi-hole"), cpe="pi-hole:pi-hole")
    if title(page).startswith("Pi-hole") and b"/admin/" in page.body:
        return application("Pi-hole", evidence=title(page), cpe="pi-hole:pi-hole")
    return None

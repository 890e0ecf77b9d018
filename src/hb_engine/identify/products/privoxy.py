"""Privoxy, a filtering proxy: what it says of a request that names no server. Source: Privoxy, jcc.c."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Privoxy", server=True)
REFUSED = "Invalid header received from client"


def recognise(page: Page) -> Identity | None:
    """Its own reason behind the status, and the same words as the whole page."""
    words = f"{REFUSED}.".encode()
    if (page.status, page.reason) != (400, REFUSED) or page.body.strip() != words or page.header("server"):
        return None
    return application("Privoxy", evidence=page.reason, service="http-proxy")

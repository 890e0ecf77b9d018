"""Icecast, a streaming server. Source: Icecast's documentation, status-json.xsl."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, product_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Icecast")


def recognise(page: Page) -> Identity | None:
    """Server: Icecast 2.4.4, with the HTTP/1.0 that it speaks; or icestats.server_id in its JSON."""
    identity = told(page.json(), "icestats", "server_id") or page.header("server")
    name, version, _ = product_of(identity)
    if name != "Icecast":
        return None
    return application("Icecast streaming media server", version, evidence=identity, cpe="xiph:icecast")

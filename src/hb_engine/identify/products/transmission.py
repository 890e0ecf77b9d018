"""Transmission, a BitTorrent client with a web page and RPC. Source: its rpc-spec.md."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Transmission", ports=(9091,))


def recognise(page: Page) -> Identity | None:
    """Server: Transmission with its own place for the pages, or the session header of its RPC."""
    own = page.header("server") == "Transmission" and "/transmission/" in page.header("location")
    if not own and not page.header("x-transmission-session-id") and not _refused(page):
        return None
    evidence = line_of(page, "server", "location", "x-transmission-session-id")
    return application("Transmission BitTorrent", evidence=evidence, guarded=page.status in (401, 403))


def _refused(page: Page) -> bool:
    """An address that is not on its list, or no password."""
    return page.header("server") == "Transmission" and page.status in (401, 403)

"""Plex Media Server, on 32400. Specification: Plex API, /identity."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Plex", asks="/identity", ports=(32400,))


def likely(page: Page) -> bool:
    """Its header."""
    return bool(page.header("x-plex-protocol"))


def recognise(page: Page) -> Identity | None:
    """A MediaContainer with the machine's number and a version; or its header."""
    element = page.body[page.body.find(b"<MediaContainer ") :].partition(b">")[0]
    version = between(element, b' version="', b'"')
    if version and b" machineIdentifier=" in element:
        number, _, build = version.partition("-")
        return application("Plex Media Server", number, evidence="MediaContainer", info=build, cpe="plex:media_server")
    if not likely(page):
        return None
    return application("Plex Media Server", evidence=line_of(page, "x-plex-protocol"), guarded=page.status == 401)

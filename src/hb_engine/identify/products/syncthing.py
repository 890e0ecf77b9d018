"""Syncthing tells its version in a header. Source: Syncthing, lib/api (X-Syncthing-Version)."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Syncthing")


def recognise(page: Page) -> Identity | None:
    """Its header; or its refusal of a name that it does not know as its own."""
    version = page.header("x-syncthing-version")
    if not version:
        refused = page.status == 403 and page.body == b"Host check error\n"
        return application("Syncthing", evidence="Host check error", guarded=True) if refused else None
    evidence = line_of(page, "x-syncthing-version")
    return application("Syncthing", version.removeprefix("v"), evidence=evidence, cpe="syncthing:syncthing")

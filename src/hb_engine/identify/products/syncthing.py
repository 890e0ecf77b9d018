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
    """Its header, which comes with refusals too."""
    version = page.header("x-syncthing-version")
    if not version:
        return None
    evidence = line_of(page, "x-syncthing-version")
    return application("Syncthing", version.removeprefix("v"), evidence=evidence, cpe="syncthing:syncthing")

"""Synology's DSM, on 5000 and 5001. Source: what its login page loads (SYNO.SDS, webman/)."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Synology DSM")


def recognise(page: Page) -> Identity | None:
    """A title with the model's kind, and the scripts of its desktop."""
    named = title(page)
    if "Synology" not in named or not (b"SYNO.SDS" in page.body or b"webman/" in page.body):
        return None
    instance = named.partition(" - ")[0] if " - " in named else ""
    return application(
        "Synology DSM", evidence=named, cpe="synology:diskstation_manager", facts=(("instance", instance),)
    )

"""Jellyfin and Emby, media servers, tell who they are to anybody. Specification: Jellyfin API, System/Info/Public."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Jellyfin", asks="/System/Info/Public", ports=(8096,))


def likely(page: Page) -> bool:
    """Its root leads to its pages."""
    return page.header("location").lstrip("/") in ("web/", "web/index.html")


def recognise(page: Page) -> Identity | None:
    """ServerName, Version and Id; Jellyfin says its name, Emby does not."""
    document = page.json()
    version = told(document, "Version")
    if not version or not told(document, "Id") or not told(document, "ServerName"):
        return None
    name = "Jellyfin" if told(document, "ProductName") == "Jellyfin Server" else "Emby"
    instance = (("instance", told(document, "ServerName")),)
    return application(
        name, version, evidence="ServerName, Version, Id", cpe=f"{name.lower()}:{name.lower()}", facts=instance
    )

"""The controller of UniFi devices tells its version to anybody. Source: its /status, as its own clients ask for it."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("UniFi Network", asks="/status")


def likely(page: Page) -> bool:
    """Its root leads to /manage."""
    return page.header("location").rstrip("/").endswith("/manage")


def recognise(page: Page) -> Identity | None:
    """meta with server_version and uuid."""
    version = told(page.json(), "meta", "server_version")
    if not version or not told(page.json(), "meta", "uuid"):
        return None
    return application("UniFi Network", version, evidence="meta.server_version", cpe="ui:unifi_network_application")

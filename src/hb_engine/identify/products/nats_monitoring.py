"""The monitoring pages of a NATS server. Specification: NATS documentation, "Monitoring NATS": /varz."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("NATS server monitoring", asks="/varz", ports=(8222,))


def likely(page: Page) -> bool:
    """Its root is a list of links, under its own picture."""
    return b"https://nats.io/" in page.body and b"varz>" in page.body


def recognise(page: Page) -> Identity | None:
    """server_id, version and max_payload of its variables."""
    document = page.json()
    version = told(document, "version")
    if not version or not told(document, "server_id") or not isinstance(document, dict):
        return None
    if not isinstance(document.get("max_payload"), int):
        return None
    return application(
        PRODUCT.name, version, evidence="server_id, version, max_payload", cpe="linuxfoundation:nats-server"
    )

"""Prometheus' node_exporter tells of a machine, on port 9100, where printers listen too.

Only one of its collectors is asked for, since all of them cost the machine something. Source: its README, "Filtering".
"""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Prometheus node_exporter", asks="/metrics?collect[]=time", ports=(9100,))
BUILD = b"node_exporter_build_info{"


def likely(page: Page) -> bool:
    """Its first page."""
    return title(page) == "Node Exporter"


def recognise(page: Page) -> Identity | None:
    """The metric about its own build, or the version on its first page (since 1.5)."""
    at = page.body.find(BUILD)
    version = between(page.body[at : at + 1024], b',version="', b'"') if at >= 0 else ""
    if at < 0 and likely(page):
        version = between(page.body, b"Version: (version=", b",")
        if not version and b'<a href="/metrics">' not in page.body:
            return None
    elif at < 0:
        return None
    return application(
        PRODUCT.name, version, evidence=text(BUILD) if at >= 0 else "Node Exporter", cpe="prometheus:node_exporter"
    )

"""Prometheus, which collects metrics. Specification: Prometheus HTTP API, /api/v1/status/buildinfo."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Prometheus", asks="/api/v1/status/buildinfo", ports=(9090,))


def likely(page: Page) -> bool:
    """Its root leads to the page of graphs, by Go's own redirect."""
    return page.header("location") in ("/graph", "/classic/graph", "/query") and page.body.startswith(b'<a href="/')


def recognise(page: Page) -> Identity | None:
    """version, revision and goVersion inside a success."""
    document = page.json()
    version = told(document, "data", "version")
    if not version or told(document, "status") != "success" or not told(document, "data", "goVersion"):
        return None
    return application("Prometheus", version, evidence="data.version, data.goVersion", cpe="prometheus:prometheus")

"""Grafana, which draws. Specification: Grafana HTTP API, /api/health, which asks for no login."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Grafana", asks="/api/health", ports=(3000,))


def likely(page: Page) -> bool:
    """Its root leads to the login by Go's own redirect, or the page is called so."""
    redirects = page.header("location").endswith("/login") and b'/login">Found</a>' in page.body
    return redirects or title(page) == "Grafana"


def recognise(page: Page) -> Identity | None:
    """database beside version and commit."""
    document = page.json()
    version = told(document, "version")
    if not told(document, "database") or not version or "commit" not in document:
        return None
    return application("Grafana", version, evidence="database, version, commit", cpe="grafana:grafana")

"""Traefik, a reverse proxy: its dashboard tells the version. Source: Traefik's API, /api/version."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Traefik", asks="/api/version")


def likely(page: Page) -> bool:
    """Its dashboard stands where / leads to."""
    return page.header("location") == "/dashboard/"


def recognise(page: Page) -> Identity | None:
    """JSON with Version, Codename and startDate."""
    told_of = page.json()
    if not {"Version", "Codename", "startDate"} <= set(told_of):
        return None
    return application(
        "Traefik", told(told_of, "Version"), evidence="Version, Codename, startDate", cpe="traefik:traefik"
    )

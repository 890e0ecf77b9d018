"""Prometheus' Alertmanager. Specification: its API v2, /api/v2/status (versionInfo)."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Prometheus Alertmanager", asks="/api/v2/status", ports=(9093,))


def likely(page: Page) -> bool:
    """Its first page."""
    return title(page) == "Alertmanager"


def recognise(page: Page) -> Identity | None:
    """versionInfo beside the state of its cluster."""
    version = told(page.json(), "versionInfo", "version")
    if not version or "cluster" not in page.json():
        return None
    return application(PRODUCT.name, version, evidence="versionInfo.version", cpe="prometheus:alertmanager")

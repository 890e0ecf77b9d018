"""Vault, a store of secrets, tells its health to anybody. Specification: Vault API, /v1/sys/health."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Vault", asks="/v1/sys/health", ports=(8200,))


def likely(page: Page) -> bool:
    """The header of its answers, or the errors of its API."""
    return page.header("cache-control") == "no-store" and page.header("location") == "/ui/"


def recognise(page: Page) -> Identity | None:
    """initialized and sealed beside a version; the status is another where it is sealed or only stands by."""
    document = page.json()
    version = told(document, "version")
    if not version or not isinstance(document.get("sealed"), bool) or "initialized" not in document:
        return None
    facts = (("sealed", "yes" if document["sealed"] else "no"), ("cluster", told(document, "cluster_name")))
    return application("Vault", version, evidence="initialized, sealed, version", cpe="hashicorp:vault", facts=facts)

"""Gitea, and Forgejo, which grew out of it. Specification: Gitea API, /api/v1/version."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Gitea", asks="/api/v1/version")


def likely(page: Page) -> bool:
    """Its session's cookie."""
    return page.cookie("i_like_gitea=")


def recognise(page: Page) -> Identity | None:
    """A version and nothing else, at its own place; Forgejo's says which Gitea it is like."""
    document = page.json()
    if page.path == PRODUCT.asks and list(document) == ["version"]:
        version = told(document, "version")
        forgejo = "+gitea-" in version
        name, cpe = ("Forgejo", "forgejo:forgejo") if forgejo else ("Gitea", "gitea:gitea")
        return application(name, version.partition("+gitea-")[0], evidence=f"version {version}", cpe=cpe)
    return application("Gitea", evidence="i_like_gitea") if likely(page) else None

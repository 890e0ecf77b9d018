"""Kibana, the pages of Elasticsearch. Source: its headers kbn-name and kbn-license-sig, and /api/status."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Kibana", asks="/api/status", ports=(5601,))


def likely(page: Page) -> bool:
    """One of its headers."""
    return bool(page.header("kbn-name") or page.header("kbn-license-sig"))


def recognise(page: Page) -> Identity | None:
    """The version in its status; or a header of its own, which told the version until 7."""
    document = page.json()
    version = told(document, "version", "number")
    if version and told(document, "version", "build_hash") and "status" in document:
        instance = (("instance", told(document, "name")),)
        return application("Kibana", version, evidence="version.number", cpe="elastic:kibana", facts=instance)
    if not likely(page):
        return None
    evidence = line_of(page, "kbn-name", "kbn-version", "kbn-license-sig")
    return application("Kibana", page.header("kbn-version"), evidence=evidence, cpe="elastic:kibana")

"""Neo4j tells its version at the root. Specification: Neo4j HTTP API, discovery."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Neo4j")


def recognise(page: Page) -> Identity | None:
    """neo4j_version beside the addresses of its other doors."""
    document = page.json()
    version = told(document, "neo4j_version")
    if not version:
        return None
    edition = told(document, "neo4j_edition")
    return application("Neo4j", version, evidence=f"neo4j_version {version}", cpe="neo4j:neo4j", info=edition)

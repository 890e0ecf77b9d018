"""OpenSearch, which grew out of Elasticsearch, tells itself apart at the root.

Specification: OpenSearch REST API (version.distribution).
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("OpenSearch")


def recognise(page: Page) -> Identity | None:
    """version.distribution, or the tagline of the project."""
    document = page.json()
    tagline = told(document, "tagline")
    if told(document, "version", "distribution") != "opensearch" and not tagline.startswith("The OpenSearch Project"):
        return None
    return application(
        "OpenSearch REST API",
        told(document, "version", "number"),
        evidence=tagline or "version.distribution opensearch",
        cpe="amazon:opensearch",
        facts=(("cluster", told(document, "cluster_name")), ("instance", told(document, "name"))),
    )

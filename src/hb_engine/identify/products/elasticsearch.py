"""Elasticsearch: the root tells cluster and version, or refuses in its own form.

Specification: Elasticsearch REST API, "Root API" and security_exception.
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Elasticsearch")
TAGLINE = "You Know, for Search"


def recognise(page: Page) -> Identity | None:
    """The tagline beside version.number; or the refusal of its security layer."""
    document = page.json()
    if told(document, "tagline") == TAGLINE:
        return application(
            "Elasticsearch REST API",
            told(document, "version", "number"),
            evidence=TAGLINE,
            cpe="elastic:elasticsearch",
            info=told(document, "version", "lucene_version")
            and f"Lucene {told(document, 'version', 'lucene_version')}",
            facts=(("cluster", told(document, "cluster_name")), ("instance", told(document, "name"))),
        )
    if page.status == 401 and told(document, "error", "type") == "security_exception":
        return application("Elasticsearch REST API", evidence="security_exception", guarded=True)
    return None

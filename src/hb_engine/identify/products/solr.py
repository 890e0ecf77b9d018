"""Apache Solr, a search server: its pages stand at /solr/. Specification: Solr, "System Info" handler."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Apache Solr", asks="/solr/admin/info/system?wt=json", ports=(8983,))


def likely(page: Page) -> bool:
    """The root leads to /solr/."""
    return page.header("location").endswith("/solr/")


def recognise(page: Page) -> Identity | None:
    """lucene.solr-spec-version, of the handler that tells about the system."""
    version = told(page.json(), "lucene", "solr-spec-version")
    if not version:
        return None
    mode = told(page.json(), "mode")
    return application("Apache Solr", version, evidence="lucene.solr-spec-version", cpe="apache:solr", info=mode)

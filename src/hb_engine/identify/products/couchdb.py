"""CouchDB welcomes who asks for its root. Specification: CouchDB API, GET /."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, product_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("CouchDB")


def recognise(page: Page) -> Identity | None:
    """{"couchdb":"Welcome","version":...}, or its Server header where the root wants a login."""
    document = page.json()
    if told(document, "couchdb") == "Welcome":
        version = told(document, "version")
        return application("Apache CouchDB", version, evidence='"couchdb":"Welcome"', cpe="apache:couchdb")
    name, version, rest = product_of(page.header("server"))
    if name == "CouchDB" and "Erlang" in rest:
        guarded = page.status == 401
        return application(
            "Apache CouchDB", version, evidence=line_of(page), cpe="apache:couchdb", info=rest, guarded=guarded
        )
    return None

"""The HTTP server of Go's standard library, which sends no Server header but always the same 404.

Source: net/http, server.go (NotFound, http.Error). Many applications are built on it: this names only what is left.
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Go net/http server", server=True)
GONE = b"404 page not found\n"


def recognise(page: Page) -> Identity | None:
    """Its own 404, with the header that http.Error sets, or its complaint about a plain request where TLS belongs."""
    if page.body == GONE and page.status == 404 and page.header("x-content-type-options") == "nosniff":
        return application(PRODUCT.name, evidence=line_of(page, "x-content-type-options"))
    if page.body == b"Client sent an HTTP request to an HTTPS server.\n" and page.status == 400 and not page.headers:
        return application(PRODUCT.name, evidence=line_of(page))
    return None

"""Express, the framework of Node.js, which says so on every answer unless it is told not to.

Source: expressjs.com, app.settings "x-powered-by".
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Node.js Express framework", server=True)


def recognise(page: Page) -> Identity | None:
    """X-Powered-By: Express, where no other server has put its own name."""
    if page.header("x-powered-by") != "Express" or page.header("server"):
        return None
    return application(PRODUCT.name, evidence=line_of(page, "x-powered-by"), cpe="expressjs:express")

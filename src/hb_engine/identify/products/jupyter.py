"""Jupyter's notebooks and JupyterLab, which may run any program. Specification: Jupyter Server API, GET /api."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Jupyter", asks="/api")
PLACES = ("/tree", "/lab", "/login?next=%2Ftree", "/login?next=%2Flab", "/login?next=%2F")


def likely(page: Page) -> bool:
    """Tornado's server leads to the notebooks, or to a login for them."""
    place = page.header("location").partition("?token")[0]
    return page.header("server").startswith("TornadoServer/") and (place in PLACES or title(page).startswith("Jupyter"))


def recognise(page: Page) -> Identity | None:
    """The version of its server, at its own place."""
    tornado = page.header("server").startswith("TornadoServer/")
    if page.path != PRODUCT.asks or not tornado or list(page.json()) != ["version"]:
        return None
    return application("Jupyter", told(page.json(), "version"), evidence="/api version", cpe="jupyter:jupyter_server")

"""Nagios, whose pages ask for a password in its name. Source: its apache configuration (AuthName)."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Nagios")
REALM = 'realm="Nagios Access"'


def recognise(page: Page) -> Identity | None:
    """The realm of its installation."""
    if page.status != 401 or REALM not in page.header("www-authenticate"):
        return None
    return application("Nagios", evidence=REALM, proof="pattern", guarded=True)

"""pfSense, a firewall: its login page. Source: pfSense, src/usr/local/www/authgui.inc."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("pfSense")


def recognise(page: Page) -> Identity | None:
    """Its title with the fields of its form."""
    if not title(page).startswith("pfSense - Login") or b"usernamefld" not in page.body:
        return None
    return application("pfSense", evidence="pfSense - Login", cpe="pfsense:pfsense")

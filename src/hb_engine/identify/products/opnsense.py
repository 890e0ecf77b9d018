"""OPNsense, a firewall: its login page. Source: OPNsense, src/www/authgui.inc, and its Server header."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("OPNsense")


def recognise(page: Page) -> Identity | None:
    """Its title with the fields of its form, or with its own Server header."""
    named = title(page)
    own = page.header("server") == "OPNsense" or b"usernamefld" in page.body
    if "OPNsense" not in named or not own:
        return None
    return application("OPNsense", evidence=named, cpe="opnsense:opnsense")

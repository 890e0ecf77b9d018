"""AdGuard Home, a filter for names. Source: AdGuardHome, client/public/login.html."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("AdGuard Home", asks="/login.html")
MASK = b'safari-pinned-tab.svg" color="#67B279"'


def likely(page: Page) -> bool:
    """Its root leads to one of its two pages, by Go's redirect."""
    place = page.header("location").rpartition("/")[2]
    return page.status == 302 and place in ("login.html", "install.html") and not page.header("server")


def recognise(page: Page) -> Identity | None:
    """Its installation by name; its login, which says no name, by the colour that only its mask has, as a likeness."""
    if title(page) == "Setup AdGuard Home":
        return application("AdGuard Home", evidence=title(page), cpe="adguard:adguardhome")
    if page.path == PRODUCT.asks and title(page) == "Login" and MASK in page.body:
        return application("AdGuard Home", evidence=text(MASK), cpe="adguard:adguardhome", proof="pattern")
    return None

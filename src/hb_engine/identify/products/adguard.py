"""AdGuard Home, a filter for names. Source: AdGuardHome, internal/home/auth.go: it leads to /login.html."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("AdGuard Home", asks="/login.html")


def likely(page: Page) -> bool:
    """Its root leads to one of its two pages, by Go's redirect."""
    place = page.header("location").rpartition("/")[2]
    return page.status == 302 and place in ("login.html", "install.html") and not page.header("server")


def recognise(page: Page) -> Identity | None:
    """Its login, or its installation, with its own scripts."""
    if title(page) not in ("Login", "Setup AdGuard Home", "AdGuard Home") or b"AdGuard" not in page.body:
        return None
    if page.path != PRODUCT.asks and title(page) == "Login":
        return None
    return application("AdGuard Home", evidence=title(page), cpe="adguard:adguardhome")

"""Nextcloud and ownCloud tell their state to anybody. Source: Nextcloud, status.php."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Nextcloud", asks="/status.php")
COOKIES = ("nc_sameSiteCookielax", "__Host-nc_sameSiteCookielax", "oc_sessionPassphrase")


def likely(page: Page) -> bool:
    """One of the cookies that it sets for everybody."""
    return any(page.cookie(name) for name in COOKIES)


def recognise(page: Page) -> Identity | None:
    """installed and maintenance beside productname and version."""
    document = page.json()
    version = told(document, "versionstring")
    if not version or not {"installed", "maintenance"} <= set(document):
        return None
    name = told(document, "productname") or "ownCloud"
    cpe = {"Nextcloud": "nextcloud:nextcloud_server", "ownCloud": "owncloud:owncloud"}.get(name, "")
    return application(name, version, evidence="installed, productname, versionstring", cpe=cpe)

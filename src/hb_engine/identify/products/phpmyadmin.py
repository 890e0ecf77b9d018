"""phpMyAdmin, where it is the root. Source: phpMyAdmin, templates/header.twig and the session's name."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("phpMyAdmin")


def recognise(page: Page) -> Identity | None:
    """Its session's cookie beside its title; the version stands behind its style sheets."""
    if not page.cookie("phpMyAdmin") or "phpMyAdmin" not in title(page):
        return None
    version = between(page.body, b"get_scripts.js.php?v=", b'"') or between(page.body, b"messages.php?v=", b"&")
    version = version or between(page.body, b".css?v=", b'"')
    version = version.replace("%2B", "+")  # Debian's, in a query
    return application("phpMyAdmin", version, evidence="cookie phpMyAdmin", cpe="phpmyadmin:phpmyadmin")

"""Cockpit, pages for a machine, on 9090. Source: cockpit, src/ws (login page)."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Cockpit")


def recognise(page: Page) -> Identity | None:
    """The files of its login page."""
    if b"cockpit/static/" not in page.body or not (b"login-pane" in page.body or b'id="login"' in page.body):
        return None
    instance = between(page.body, b'"hostname":"', b'"')
    return application("Cockpit web service", evidence="cockpit/static/", facts=(("instance", instance),))

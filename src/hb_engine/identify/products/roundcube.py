"""Roundcube, mail in a browser. Source: Roundcube, program/include (session name) and its skins."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Roundcube")


def recognise(page: Page) -> Identity | None:
    """Its session's cookie with the script of its pages."""
    if not page.cookie("roundcube_sess") or b"rcmail" not in page.body:
        return None
    return application("Roundcube webmail", evidence="cookie roundcube_sessid, rcmail", cpe="roundcube:webmail")

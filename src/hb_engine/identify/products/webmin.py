"""Webmin's own server, on 10000. Source: Webmin, miniserv.pl (Server: MiniServ)."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, product_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Webmin")


def recognise(page: Page) -> Identity | None:
    """MiniServ, with Webmin's name in its page or its cookie."""
    name, version, _ = product_of(page.header("server"))
    known = b"Webmin" in page.body or b"Usermin" in page.body or page.cookie("redirect=1") or page.cookie("testing=1")
    if name != "MiniServ" or not known:
        return None
    product = "Usermin" if b"Usermin" in page.body else "Webmin"
    return application(
        product, version, evidence=line_of(page), info="MiniServ", cpe=f"{product.lower()}:{product.lower()}"
    )

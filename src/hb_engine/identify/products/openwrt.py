"""OpenWrt's pages, LuCI. Source: luci, root of the web server and /cgi-bin/luci."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("OpenWrt LuCI")


def recognise(page: Page) -> Identity | None:
    """A root that is nothing but the way to LuCI."""
    leads = b"URL=/cgi-bin/luci" in page.body or b"URL=cgi-bin/luci/" in page.body
    if not leads or b'http-equiv="refresh"' not in page.body.lower() or len(page.body) > 4096:
        return None
    return application("OpenWrt LuCI", evidence="cgi-bin/luci", cpe="openwrt:openwrt")

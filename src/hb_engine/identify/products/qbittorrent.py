"""qBittorrent's web pages. Source: qBittorrent, src/webui/www/public/index.html."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("qBittorrent")


def recognise(page: Page) -> Identity | None:
    """Its login page."""
    if title(page) not in ("qBittorrent WebUI", "qBittorrent Web UI") or b'id="loginform"' not in page.body:
        return None
    return application("qBittorrent", evidence=title(page), cpe="qbittorrent:qbittorrent")

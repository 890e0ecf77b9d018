"""The web pages of Zabbix. Source: its ui/ (include/page_header.php: the meta tag Author)."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Zabbix")


def recognise(page: Page) -> Identity | None:
    """The author's meta tag beside the session's cookie or the script of its pages."""
    if b'content="Zabbix SIA"' not in page.body or not (page.cookie("zbx_session") or b"zabbix.php" in page.body):
        return None
    return application("Zabbix web interface", evidence='meta name="Author" content="Zabbix SIA"', cpe="zabbix:zabbix")

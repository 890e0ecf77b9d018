"""The server that PHP has for developers (php -S), which belongs on no network: it gives the Host header back.

Source: php-src, sapi/cli/php_cli_server.c.
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("PHP cli server", server=True)


def recognise(page: Page) -> Identity | None:
    """A Host header in an answer, with PHP's own header or its own page about what is not there."""
    powered = page.header("x-powered-by")
    own = powered.startswith("PHP/") or b"was not found on this server." in page.body
    if not page.header("host") or page.header("server") or not own:
        return None
    version = powered.removeprefix("PHP/") if powered.startswith("PHP/") else ""
    return application(PRODUCT.name, version, evidence=line_of(page, "host", "x-powered-by"), cpe="php:php")

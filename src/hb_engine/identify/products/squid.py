"""Squid, a forwarding proxy: what it says of a request that names no server.

Source: Squid's error pages (errors/), and X-Squid-Error, which nothing else sends.
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between, line_of, product_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Squid", server=True)


def recognise(page: Page) -> Identity | None:
    """X-Squid-Error, or its name in Via; the version stands in either Server or Via."""
    via = page.header("via")
    if not page.header("x-squid-error") and "(squid" not in via:
        return None
    name, version, _ = product_of(page.header("server"))
    version = version if name.lower() == "squid" else between(via.encode(), b"(squid/", b")")
    evidence = line_of(page, "server", "x-squid-error", "via")
    return application("Squid", version, evidence=evidence, service="http-proxy", cpe="squid-cache:squid")

"""Varnish, a cache in front of a server: X-Varnish with Via on every answer, and its own Guru Meditation.

Source: Varnish documentation, "HTTP headers" (bin/varnishd/cache/cache_req_fsm.c).
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Varnish", server=True)


def recognise(page: Page) -> Identity | None:
    """X-Varnish is the number of a transaction; Via names it, with the version since 7.0."""
    number, via = page.header("x-varnish"), page.header("via")
    if not number.replace(" ", "").isdigit() or "varnish" not in via.lower():
        return None
    version = between(via.encode(), b"(Varnish/", b")")
    evidence = line_of(page, "x-varnish", "via")
    return application("Varnish", version, evidence=evidence, service="http-proxy", cpe="varnish-cache:varnish_cache")

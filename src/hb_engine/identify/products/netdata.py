"""Netdata, which draws a machine's figures, names its own server. Source: its web/server."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Netdata", asks="/api/v1/info", ports=(19999,))
OWN = "Netdata Embedded HTTP Server"


def likely(page: Page) -> bool:
    """Its Server header."""
    return page.header("server").startswith(OWN)


def recognise(page: Page) -> Identity | None:
    """The header, which tells a version; its API tells it too."""
    server = page.header("server")
    version = told(page.json(), "version") if "mirrored_hosts" in page.json() else ""
    if not server.startswith(OWN) and not version:
        return None
    version = version or server.removeprefix(OWN).strip()
    return application("Netdata", version.removeprefix("v"), evidence=line_of(page), cpe="netdata:netdata")

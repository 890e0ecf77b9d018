"""CUPS, the printing system: HTTP that carries IPP on port 631. Source: CUPS, scheduler/client.c."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, product_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("CUPS")
APPLES = ("1.", "2.0", "2.1", "2.2", "2.3")  # versions before it went to OpenPrinting


def recognise(page: Page) -> Identity | None:
    """Server: CUPS/2.4 IPP/2.1; the patch level stands in the title of its pages: CUPS 2.4.2.

    Printers built on its library send the version alone: they are IPP too.
    """
    name, version, rest = product_of(page.header("server"))
    if name != "CUPS" or not version:
        return None
    named = title(page)
    at = max(named.find("CUPS v"), named.find("CUPS ") if named.endswith(tuple("0123456789")) else -1)
    longer = named[at:].split(" ")[1].lstrip("v") if at >= 0 else ""
    version = longer if version and longer.startswith(version) else version
    maker = "apple" if version.startswith(APPLES) else "openprinting"
    return application("CUPS", version, evidence=line_of(page), service="ipp", cpe=f"{maker}:cups", info=rest)

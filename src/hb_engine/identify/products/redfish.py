"""Redfish, the API of a server's management controller. Specification: DMTF DSP0266, the service root."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Redfish", asks="/redfish/v1/")
MAKERS = ("iLO", "iDRAC", "MegaRAC", "XCC", "BMC", "Supermicro")


def likely(page: Page) -> bool:
    """The page of a management controller: a maker's word in title or Server header; or an error of its API."""
    if b'"@Message.ExtendedInfo"' in page.body and b"/redfish/v1/" in page.body:
        return True  # its own form of an error
    words = f"{title(page)} {page.header('server')}"
    return any(maker in words for maker in MAKERS) or "/redfish/v1" in page.header("link")


def recognise(page: Page) -> Identity | None:
    """RedfishVersion beside the path of the root itself."""
    document = page.json()
    version = told(document, "RedfishVersion")
    if not version or not told(document, "@odata.id").startswith("/redfish/v1"):
        return None
    product = " ".join(part for part in (told(document, "Vendor"), told(document, "Product")) if part)
    info = f"Redfish {version}"
    facts = (("instance", told(document, "UUID")),)
    return application(product or "Redfish service", evidence=f"RedfishVersion {version}", info=info, facts=facts)

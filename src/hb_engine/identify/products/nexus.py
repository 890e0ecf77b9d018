"""Sonatype Nexus, a store of packages, names itself with version and edition. Source: its Server header."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of, product_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Nexus")


def recognise(page: Page) -> Identity | None:
    """Server: Nexus/3.38.1-01 (OSS)."""
    name, version, edition = product_of(page.header("server"))
    if name != "Nexus" or not version or edition not in ("OSS", "PRO", "COMMUNITY"):
        return None
    return application("Sonatype Nexus", version, evidence=line_of(page), info=edition, cpe="sonatype:nexus")

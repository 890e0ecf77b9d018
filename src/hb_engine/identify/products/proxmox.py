"""Proxmox VE and its relatives, on 8006 and 8007 inside TLS. Source: pve-http-server, index.html.tpl."""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Proxmox VE")
NAMES = ("Proxmox Virtual Environment", "Proxmox Backup Server", "Proxmox Mail Gateway")


def recognise(page: Page) -> Identity | None:
    """Its server's name beside a title that ends with the product's name."""
    named = next((name for name in NAMES if title(page).endswith(name)), "")
    own = page.header("server").startswith("pve-api-daemon/") or b"Proxmox = {" in page.body
    if not named or not own:
        return None
    host = title(page).removesuffix(named).rstrip(" -")
    return application(
        named,
        evidence=title(page),
        cpe="proxmox:virtual_environment" if named == NAMES[0] else "",
        facts=(("instance", host),),
    )

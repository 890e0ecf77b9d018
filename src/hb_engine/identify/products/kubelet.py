"""The kubelet, which runs the containers of a node, on port 10250 inside TLS.

It tells a stranger nothing but ok or Unauthorized: its name is a likeness, by its port. Source: pkg/kubelet/server.
"""

from __future__ import annotations

from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Kubernetes kubelet", asks="/healthz", ports=(10250,))


def recognise(page: Page) -> Identity | None:
    """A plain Unauthorized, or ok, to /healthz on its own port."""
    if page.port not in PRODUCT.ports or page.path != PRODUCT.asks or page.header("server"):
        return None
    words = page.body.strip()
    if (page.status, words) not in ((401, b"Unauthorized"), (200, b"ok")):
        return None
    return application(PRODUCT.name, evidence=text(words), proof="pattern", guarded=page.status == 401)

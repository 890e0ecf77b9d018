"""The API server of Kubernetes refuses strangers with a Status object, and mostly tells its version.

Specification: Kubernetes API, v1.Status, version.Info.
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Kubernetes", asks="/version", ports=(6443, 8443, 16443, 8001))


def likely(page: Page) -> bool:
    """It refused in its own form."""
    return _is_status(page)


def recognise(page: Page) -> Identity | None:
    """gitVersion with its commit and platform; or a Status of v1."""
    document = page.json()
    version = told(document, "gitVersion")
    if version and told(document, "gitCommit") and told(document, "platform"):
        evidence = f"gitVersion {version}"
        info = told(document, "platform")
        return application(
            "Kubernetes API", version.removeprefix("v"), evidence=evidence, cpe="kubernetes:kubernetes", info=info
        )
    if _is_status(page):
        return application("Kubernetes API", evidence="Status v1", guarded=page.status in (401, 403))
    return None


def _is_status(page: Page) -> bool:
    document = page.json()
    return (told(document, "kind"), told(document, "apiVersion")) == ("Status", "v1") and "code" in document

"""A registry of container images. Specification: Docker Registry HTTP API V2, and OCI Distribution 1.1."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Docker Registry", asks="/v2/", ports=(5000,))


def recognise(page: Page) -> Identity | None:
    """The header of the API, which it sends with a refusal too."""
    version = page.header("docker-distribution-api-version")
    if version != "registry/2.0":
        return None
    evidence = line_of(page, "docker-distribution-api-version")
    return application("Docker Registry", evidence=evidence, info="API 2.0", guarded=page.status == 401)

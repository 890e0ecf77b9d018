"""MinIO, which keeps objects as S3 does, and names itself on every answer. Source: MinIO, cmd/http."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("MinIO")


def recognise(page: Page) -> Identity | None:
    """Server: MinIO, with the request's number that S3 gives, or the header of its own."""
    if not page.header("server").startswith("MinIO"):
        return None
    if not any(page.header(name) for name in ("x-amz-request-id", "x-minio-deployment-id", "x-xss-protection")):
        return None
    version = page.header("server").partition("/")[2]
    return application("MinIO", version, evidence=line_of(page), guarded=page.status == 403)

"""Jenkins tells its version in a header, with refusals too. Source: Jenkins, "X-Jenkins"."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Jenkins")


def recognise(page: Page) -> Identity | None:
    """X-Jenkins; Hudson's header is there for old clients."""
    version = page.header("x-jenkins")
    if not version:
        return None
    guarded = page.status == 403
    return application("Jenkins", version, evidence=line_of(page, "x-jenkins"), cpe="jenkins:jenkins", guarded=guarded)

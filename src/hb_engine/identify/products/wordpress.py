"""WordPress tells where its API is, and mostly its version. Source: rest_output_link_header, wp_generator."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("WordPress")


def recognise(page: Page) -> Identity | None:
    """The link to its API, in a header or in the page; the version of the generator."""
    relation = "https://api.w.org/"
    if relation not in page.header("link") and b"rel='https://api.w.org/'" not in page.body.replace(b'"', b"'"):
        return None
    version = between(page.body, b'content="WordPress ', b'"')
    return application("WordPress", version, evidence=f"rel={relation}", cpe="wordpress:wordpress")

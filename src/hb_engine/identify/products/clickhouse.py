"""ClickHouse answers HTTP on 8123, with its name in headers of its own. Specification: ClickHouse, HTTP interface."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("ClickHouse", asks="/ping", ports=(8123,))


def recognise(page: Page) -> Identity | None:
    """A header of its own; "Ok." and nothing else is a likeness, on its own port only."""
    own = next((name for name, _ in page.headers if name.startswith("x-clickhouse-")), "")
    if own:
        named = (("instance", page.header("x-clickhouse-server-display-name")),)
        return application("ClickHouse", evidence=line_of(page, own), cpe="clickhouse:clickhouse", facts=named)
    if page.port in PRODUCT.ports and page.body == b"Ok.\n" and page.status == 200:
        return application("ClickHouse", evidence="Ok.", proof="pattern")
    return None

"""InfluxDB tells its version in a header of every answer. Specification: InfluxDB API, /ping."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("InfluxDB", asks="/ping", ports=(8086,))


def recognise(page: Page) -> Identity | None:
    """X-Influxdb-Version, with the build that goes with it."""
    version = page.header("x-influxdb-version")
    if not version:
        return None
    return application(
        "InfluxDB",
        version.removeprefix("v"),
        evidence=line_of(page, "x-influxdb-version"),
        cpe="influxdata:influxdb",
        info=page.header("x-influxdb-build"),
    )

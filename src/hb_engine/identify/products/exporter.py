"""Exporters of metrics for Prometheus, whichever they are: each names itself in a metric about its build.

Source: prometheus/exporter-toolkit (landing page), prometheus/common (version collector).
"""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Prometheus exporter", asks="/metrics", ports=(9104, 9113, 9115, 9116, 9117, 9121, 9182, 9187))
MARK = b"_build_info{"
OWN = (b"go_build_info{", b"node_exporter_build_info{")


def likely(page: Page) -> bool:
    """A first page that is called so and leads to the metrics."""
    return title(page).lower().endswith("exporter") and b'metrics"' in page.body


def recognise(page: Page) -> Identity | None:
    """NAME_exporter_build_info, in the text form of the metrics."""
    if not page.header("content-type").startswith("text/plain"):
        return None
    for line in page.body.split(b"\n"):
        if line.startswith(OWN) or MARK not in line[:120] or line.startswith(b"#"):
            continue
        name = text(line.partition(MARK)[0])
        if name.endswith("_exporter"):
            version = between(line, b',version="', b'"') or between(line, b'{version="', b'"')
            return application(f"Prometheus {name}", version, evidence=f"{name}_build_info")
    return None

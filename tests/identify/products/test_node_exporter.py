"""node_exporter is known by the metric about itself, or by its first page."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.node_exporter import PRODUCT, likely, recognise

METRIC = (
    "# TYPE node_exporter_build_info gauge\n"
    'node_exporter_build_info{branch="HEAD",goversion="go1.19",revision="x",version="1.5.0"} 1\n'
)
FIRST = '<html><head><title>Node Exporter</title></head><p><a href="/metrics">Metrics</a></p></html>'


def test_its_metric():
    assert outcome(recognise(page(body=METRIC, path=PRODUCT.asks))) == ("http", "Prometheus node_exporter", "1.5.0")


def test_its_first_page():
    assert outcome(recognise(page(body=FIRST))) == ("http", "Prometheus node_exporter", "")
    newer = "<title>Node Exporter</title><div>Version: (version=1.7.0, branch=HEAD)</div>"
    assert outcome(recognise(page(body=newer))) == ("http", "Prometheus node_exporter", "1.7.0")
    assert likely(page(body=FIRST))


@pytest.mark.parametrize(
    "near", [page(body="<title>Node Exporter</title>"), page(body='other_exporter_build_info{version="1"} 1'), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

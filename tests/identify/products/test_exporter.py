"""An exporter names itself in the metric about its build."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.exporter import likely, recognise

METRICS = (
    'go_build_info{path="x"} 1\n# TYPE blackbox_exporter_build_info gauge\n'
    'blackbox_exporter_build_info{goversion="go1.19",version="0.23.0"} 1\n'
)


def test_its_metric():
    named = seen(recognise, page(headers="Content-Type: text/plain; version=0.0.4", body=METRICS, path="/metrics"))
    assert outcome(named) == ("http", "Prometheus blackbox_exporter", "0.23.0")


def test_where_it_is_likely():
    assert likely(page(body='<title>Blackbox Exporter</title><a href="/metrics">x</a>'))
    assert not likely(page(body="<title>Blackbox Exporter</title>"))


@pytest.mark.parametrize(
    "near",
    [page(body=METRICS), page(headers="Content-Type: text/plain", body='prometheus_build_info{version="1"} 1\n'), BLOG],
)
def test_what_is_near(near):
    assert recognise(near) is None

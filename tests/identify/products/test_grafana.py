"""Grafana tells its health.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.grafana import PRODUCT, likely, recognise


def test_its_health():
    named = seen(recognise, page(body={"commit": "abc", "database": "ok", "version": "10.2.3"}, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Grafana", "10.2.3")
    assert named.cpe == ("cpe:/a:grafana:grafana:10.2.3",)


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: /login", '<a href="/login">Found</a>.'))
    assert likely(page(body="<title>Grafana</title>"))
    assert not likely(page("302 Found", "Location: /login"))


@pytest.mark.parametrize("near", [page(body={"database": "ok", "version": "1"}), page(body={"version": "1"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

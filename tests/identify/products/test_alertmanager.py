"""Alertmanager tells its version."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.alertmanager import PRODUCT, likely, recognise


def test_its_version():
    body = {"cluster": {"status": "ready"}, "versionInfo": {"version": "0.25.0"}, "uptime": "x"}
    assert outcome(recognise(page(body=body, path=PRODUCT.asks))) == ("http", "Prometheus Alertmanager", "0.25.0")


def test_where_it_is_likely():
    assert likely(page(body="<title>Alertmanager</title>"))
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(body={"versionInfo": {"version": "1"}}), page(body={"cluster": {}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

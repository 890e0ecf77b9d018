"""Prometheus tells what it was built from."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.prometheus import PRODUCT, likely, recognise

BUILD = {"status": "success", "data": {"version": "2.42.0+ds", "revision": "x", "goVersion": "go1.19.8"}}


def test_its_version():
    named = seen(recognise, page(body=BUILD, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Prometheus", "2.42.0+ds")
    assert named.cpe == ()  # Debian's version is no version of the maker


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: /graph", '<a href="/graph">Found</a>.'))
    assert not likely(page("302 Found", "Location: /graph"))


@pytest.mark.parametrize("near", [page(body={**BUILD, "status": "error"}), page(body={"data": {"version": "1"}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

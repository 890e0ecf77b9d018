"""A UniFi controller tells its version.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.unifi import PRODUCT, likely, recognise


def test_its_version():
    body = {"meta": {"rc": "ok", "up": True, "server_version": "7.5.187", "uuid": "x"}, "data": []}
    assert outcome(recognise(page(body=body, path=PRODUCT.asks))) == ("http", "UniFi Network", "7.5.187")


@pytest.mark.parametrize(("place", "is_likely"), [("/manage", True), ("https://x:8443/manage/", True), ("/x", False)])
def test_where_it_is_likely(place, is_likely):
    assert likely(page("302 Found", f"Location: {place}")) is is_likely


@pytest.mark.parametrize("near", [page(body={"meta": {"server_version": "7"}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

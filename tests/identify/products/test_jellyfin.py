"""Jellyfin tells who it is.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.jellyfin import PRODUCT, likely, recognise


@pytest.mark.parametrize(("product", "name"), [("Jellyfin Server", "Jellyfin"), ("", "Emby")])
def test_its_version(product, name):
    body = {"ServerName": "den", "Version": "10.8.13", "Id": "x", "ProductName": product}
    named = seen(recognise, page(body=body, path=PRODUCT.asks))
    assert outcome(named) == ("http", name, "10.8.13")
    assert named.facts == (("instance", "den"),)


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: web/index.html\nServer: Kestrel"))
    assert not likely(page("302 Found", "Location: /x"))


@pytest.mark.parametrize("near", [page(body={"Version": "1", "Id": "x"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

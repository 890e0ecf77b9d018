"""Kibana is known by its headers, and tells its version in its status.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.kibana import PRODUCT, likely, recognise


def test_its_status():
    body = {"name": "k", "version": {"number": "8.5.3", "build_hash": "x"}, "status": {"overall": {}}}
    named = seen(recognise, page(body=body, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Kibana", "8.5.3")
    assert named.facts == (("instance", "k"),)


@pytest.mark.parametrize(("headers", "version"), [("kbn-name: k", ""), ("kbn-name: k\nkbn-version: 6.8.0", "6.8.0")])
def test_its_headers(headers, version):
    found = page("302 Found", headers)
    assert outcome(recognise(found)) == ("http", "Kibana", version)
    assert likely(found)


@pytest.mark.parametrize("near", [page(body={"version": {"number": "8.5.3"}}), page(headers="kbn-version: 1"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

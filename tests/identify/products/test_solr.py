"""Solr tells its version where its pages are.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.solr import PRODUCT, likely, recognise


def test_its_version():
    body = {"responseHeader": {"status": 0}, "mode": "std", "lucene": {"solr-spec-version": "9.1.0"}}
    assert outcome(recognise(page(body=body, path=PRODUCT.asks))) == ("http", "Apache Solr", "9.1.0")


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: http://hb.invalid:8983/solr/"))
    assert not likely(page("302 Found", "Location: /x"))


@pytest.mark.parametrize("near", [page(body={"lucene": {"version": "9"}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

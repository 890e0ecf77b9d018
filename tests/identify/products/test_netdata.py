"""Netdata names its own server."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.netdata import PRODUCT, likely, recognise


def test_its_header():
    found = page(headers="Server: Netdata Embedded HTTP Server v1.37.1")
    assert outcome(recognise(found)) == ("http", "Netdata", "1.37.1")
    assert likely(found)


def test_its_api():
    named = seen(recognise, page(body={"version": "v1.37.1", "mirrored_hosts": ["x"]}, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Netdata", "1.37.1")


@pytest.mark.parametrize("near", [page(headers="Server: Netdata"), page(body={"version": "v1"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None
    assert not likely(near)

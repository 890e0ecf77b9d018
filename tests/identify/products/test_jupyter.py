"""Jupyter tells its version at its own place."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.jupyter import likely, recognise


def test_its_version():
    found = page(headers="Server: TornadoServer/6.2", body={"version": "2.12.1"}, path="/api")
    assert outcome(recognise(found)) == ("http", "Jupyter", "2.12.1")


@pytest.mark.parametrize("place", ["/tree?token=x", "/lab?", "/login?next=%2Flab", "/tree"])
def test_where_it_is_likely(place):
    found = page("302 Found", f"Server: TornadoServer/6.2\nLocation: {place}")
    assert likely(found) is (place != "/lab?")
    assert not likely(page("302 Found", f"Location: {place}"))


@pytest.mark.parametrize(
    "near", [page(body={"version": "1"}, path="/api"), page(headers="Server: TornadoServer/6.2"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

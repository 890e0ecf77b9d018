"""etcd tells its version to anybody."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.etcd import PRODUCT, likely, recognise


def test_its_version():
    named = seen(recognise, page(body={"etcdserver": "3.4.23", "etcdcluster": "3.4.0"}, path="/version"))
    assert outcome(named) == ("http", "etcd", "3.4.23")


def test_where_it_is_likely():
    allowed = "Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE"
    assert likely(page("404 Not Found", allowed, "404 page not found\n"))
    assert not likely(page("404 Not Found", "", "404 page not found\n"))
    assert PRODUCT.ports == (2379, 2380)


@pytest.mark.parametrize("near", [page(body={"etcdserver": "3.4.23"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""AdGuard Home is known by its login page."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.adguard import PRODUCT, likely, recognise


@pytest.mark.parametrize(
    "found",
    [
        page(body='<title>Login</title><meta name="application-name" content="AdGuard Home">', path="/login.html"),
        page(body="<title>Setup AdGuard Home</title>"),
    ],
)
def test_its_pages(found):
    assert outcome(recognise(found)) == ("http", "AdGuard Home", "")


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: /login.html"))
    assert not likely(page("302 Found", "Location: /login.html\nServer: nginx"))
    assert PRODUCT.asks == "/login.html"


@pytest.mark.parametrize(
    "near", [page(body="<title>Login</title>AdGuard"), page(body="<title>AdGuard Homes</title>"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

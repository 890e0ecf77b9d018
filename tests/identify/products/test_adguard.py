"""AdGuard Home is known by its login page.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.adguard import PRODUCT, likely, recognise

MASK = '<link rel="mask-icon" href="assets/safari-pinned-tab.svg" color="#67B279">'


def test_its_login():
    named = seen(recognise, page(body=f"{MASK}<title>Login</title>", path="/login.html"))
    assert outcome(named) == ("http", "AdGuard Home", "")
    assert named.proof == "pattern"


def test_its_installation():
    named = seen(recognise, page(body="<title>Setup AdGuard Home</title>"))
    assert outcome(named) == ("http", "AdGuard Home", "")


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: /login.html"))
    assert not likely(page("302 Found", "Location: /login.html\nServer: nginx"))
    assert PRODUCT.asks == "/login.html"


@pytest.mark.parametrize(
    "near",
    [page(body=f"{MASK}<title>Login</title>"), page(body="<title>Login</title>", path="/login.html"), BLOG],
)
def test_what_is_near(near):
    assert recognise(near) is None

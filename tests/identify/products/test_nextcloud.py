"""Nextcloud tells its state to anybody.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.nextcloud import PRODUCT, likely, recognise


@pytest.mark.parametrize(("told", "name"), [("Nextcloud", "Nextcloud"), ("", "ownCloud")])
def test_its_state(told, name):
    body = {
        "installed": True,
        "maintenance": False,
        "version": "27.1.4.1",
        "versionstring": "27.1.4",
        "productname": told,
    }
    assert outcome(recognise(page(body=body, path=PRODUCT.asks))) == ("http", name, "27.1.4")


def test_where_it_is_likely():
    assert likely(page(headers="Set-Cookie: nc_sameSiteCookielax=true; path=/"))
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(body={"installed": True, "version": "1"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""phpMyAdmin is known by cookie and title."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.phpmyadmin import recognise


@pytest.mark.parametrize(
    ("link", "version"),
    [
        ('<link href="themes/x.css?v=5.2.1">', "5.2.1"),
        ('<link href="themes/x.css?v=5.2.1deb1%2Bdeb12u1">', "5.2.1deb1+deb12u1"),
        ("", ""),
    ],
)
def test_its_page(link, version):
    found = page(headers="Set-Cookie: phpMyAdmin=x; path=/", body=f"<title>phpMyAdmin</title>{link}")
    assert outcome(recognise(found)) == ("http", "phpMyAdmin", version)


@pytest.mark.parametrize(
    "near", [page(body="<title>phpMyAdmin</title>"), page(headers="Set-Cookie: phpMyAdmin=x"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

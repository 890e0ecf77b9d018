"""PHP's own server gives the Host header back."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.php_server import recognise


@pytest.mark.parametrize(
    ("headers", "body", "version"),
    [
        ("Host: hb.invalid\nX-Powered-By: PHP/8.2.36", "", "8.2.36"),
        ("Host: hb.invalid", "The requested resource <code>/</code> was not found on this server.", ""),
    ],
)
def test_its_pages(headers, body, version):
    assert outcome(recognise(page(headers=headers, body=body))) == ("http", "PHP cli server", version)


@pytest.mark.parametrize(
    "near",
    [page(headers="Host: hb.invalid"), page(headers="X-Powered-By: PHP/8.2"),
     page(headers="Host: x\nServer: nginx\nX-Powered-By: PHP/8.2"), BLOG],
)  # fmt: skip
def test_what_is_near(near):
    assert recognise(near) is None

"""Varnish is known by its two headers together."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.varnish import recognise


def test_a_cached_page():
    found = page(headers="X-Varnish: 32770 3\nVia: 1.1 varnish (Varnish/7.1)\nServer: nginx/1.22.1")
    assert outcome(recognise(found)) == ("http-proxy", "Varnish", "7.1")


def test_an_old_one_has_no_version():
    assert outcome(recognise(page(headers="X-Varnish: 5\nVia: 1.1 varnish-v4"))) == ("http-proxy", "Varnish", "")


@pytest.mark.parametrize(
    "near",
    [page(headers="X-Varnish: 5"), page(headers="Via: 1.1 varnish"), page(headers="X-Varnish: x\nVia: varnish"), BLOG],
)
def test_what_is_near(near):
    assert recognise(near) is None

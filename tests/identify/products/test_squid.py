"""Squid is known by its own header."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.squid import recognise


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        ("Server: squid/5.7\nX-Squid-Error: ERR_INVALID_URL 0\nVia: 1.1 hb.invalid (squid/5.7)", "5.7"),
        ("Server: squid\nX-Squid-Error: ERR_ACCESS_DENIED 0", ""),
        ("Via: 1.1 hb.invalid (squid/4.13)\nServer: Apache/2.4", "4.13"),
    ],
)
def test_its_errors(headers, version):
    assert outcome(recognise(page("400 Bad Request", headers))) == ("http-proxy", "Squid", version)


@pytest.mark.parametrize("near", [page(headers="Server: squid/5.7"), page(headers="Via: 1.1 squid"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

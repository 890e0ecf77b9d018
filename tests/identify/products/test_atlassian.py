"""Confluence and Jira are known by their headers, and tell their version in the page.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.atlassian import likely, recognise

META = '<meta name="ajs-version-number" content="7.13.0">'


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("X-Confluence-Request-Time: 1700000000000", "Atlassian Confluence"),
        ("X-AREQUESTID: 1x2\nSet-Cookie: atlassian.xsrf.token=x", "Atlassian Jira"),
    ],
)
def test_their_pages(headers, name):
    assert outcome(recognise(page(headers=headers, body=META))) == ("http", name, "7.13.0")


def test_where_it_is_likely():
    assert likely(page("302 Found", "X-Confluence-Request-Time: 1"))
    assert not likely(page("200 OK", "X-Confluence-Request-Time: 1"))


@pytest.mark.parametrize("near", [page(body=META), page(headers="X-AREQUESTID: 1"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

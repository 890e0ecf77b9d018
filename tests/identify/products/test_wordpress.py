"""WordPress is known by the link to its API.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.wordpress import recognise


@pytest.mark.parametrize(
    ("headers", "body", "version"),
    [
        (
            'Link: <https://x/wp-json/>; rel="https://api.w.org/"',
            '<meta name="generator" content="WordPress 6.4.2">',
            "6.4.2",
        ),
        ("", '<link rel="https://api.w.org/" href="/wp-json/">', ""),
    ],
)
def test_its_pages(headers, body, version):
    assert outcome(recognise(page(headers=headers, body=body))) == ("http", "WordPress", version)


@pytest.mark.parametrize("near", [page(body='<meta name="generator" content="WordPress 6.4.2">'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

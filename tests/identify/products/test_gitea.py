"""Gitea is known by its cookie, and tells its version.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.gitea import PRODUCT, likely, recognise


@pytest.mark.parametrize(
    ("version", "shown"),
    [("1.21.3", ("http", "Gitea", "1.21.3")), ("7.0.3+gitea-1.22.0", ("http", "Forgejo", "7.0.3"))],
)
def test_its_version(version, shown):
    assert outcome(recognise(page(body={"version": version}, path=PRODUCT.asks))) == shown


def test_its_cookie():
    found = page(headers="Set-Cookie: i_like_gitea=x; Path=/; HttpOnly")
    assert outcome(recognise(found)) == ("http", "Gitea", "")
    assert likely(found)


@pytest.mark.parametrize("near", [page(body={"version": "1"}), page(headers="Set-Cookie: x=i_like_gitea"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

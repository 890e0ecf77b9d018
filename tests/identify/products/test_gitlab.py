"""GitLab is known by its header or its meta data.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.gitlab import likely, recognise


@pytest.mark.parametrize(
    "found",
    [
        page("302 Found", 'X-Gitlab-Meta: {"correlation_id":"x","version":"1"}\nLocation: https://x/users/sign_in'),
        page(body='<meta content="GitLab" property="og:site_name">'),
    ],
)
def test_its_pages(found):
    assert outcome(recognise(found)) == ("http", "GitLab", "")


def test_where_it_is_likely():
    assert likely(page("302 Found", "Set-Cookie: _gitlab_session=x"))
    assert likely(page("302 Found", "Location: https://x/users/sign_in\nX-Gitlab-Meta: {}"))
    assert not likely(page("302 Found", "Location: https://x/users/sign_in"))


@pytest.mark.parametrize(
    "near", [page(body='<meta content="GitLab">'), page("302 Found", "Location: /users/sign_in"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

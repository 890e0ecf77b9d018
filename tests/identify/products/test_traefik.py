"""Traefik tells its version to who finds its dashboard.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.traefik import likely, recognise


def test_its_version():
    body = {"Version": "2.9.6", "Codename": "banon", "startDate": "2023-01-01T00:00:00Z"}
    assert outcome(recognise(page(body=body, path="/api/version"))) == ("http", "Traefik", "2.9.6")


def test_where_it_is_likely():
    assert likely(page("302 Found", "Location: /dashboard/"))
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(body={"Version": "2.9.6"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

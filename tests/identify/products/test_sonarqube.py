"""SonarQube tells its version.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.sonarqube import PRODUCT, likely, recognise


def test_its_version():
    assert outcome(recognise(page(body="9.9.3.79811", path=PRODUCT.asks))) == ("http", "SonarQube", "9.9.3.79811")


def test_where_it_is_likely():
    assert likely(page(body="<title>SonarQube</title>"))
    assert not likely(BLOG)


@pytest.mark.parametrize("near", [page(body="9.9.3"), page(body="9.9.3 beta", path="/api/server/version"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

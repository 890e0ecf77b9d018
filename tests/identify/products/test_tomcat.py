"""Tomcat signs its pages."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.tomcat import recognise


@pytest.mark.parametrize(
    "body",
    ["<h1>HTTP Status 404</h1><h3>Apache Tomcat/9.0.70 (Debian)</h3></body>", "<title>Apache Tomcat/9.0.70</title>"],
)
def test_its_pages(body):
    assert outcome(recognise(page("404 ", "", body))) == ("http", "Apache Tomcat", "9.0.70")


@pytest.mark.parametrize("near", [page(body="<h3>Apache Tomcat</h3>"), page(body="<p>Apache Tomcat/9.0.70</p>"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

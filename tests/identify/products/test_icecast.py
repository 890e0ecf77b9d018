"""Icecast says its name in the header, and in its JSON."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.icecast import recognise


@pytest.mark.parametrize(
    "found",
    [
        page("404 File Not Found", "Server: Icecast 2.4.4"),
        page(body={"icestats": {"server_id": "Icecast 2.4.4"}}, path="/status-json.xsl"),
    ],
)
def test_its_pages(found):
    assert outcome(recognise(found)) == ("http", "Icecast streaming media server", "2.4.4")


@pytest.mark.parametrize("near", [page(headers="Server: Icecastle 2.4.4"), page(body={"icestats": {}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

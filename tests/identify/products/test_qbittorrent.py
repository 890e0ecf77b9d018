"""qBittorrent is known by its login page."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.qbittorrent import recognise


@pytest.mark.parametrize("name", ["qBittorrent WebUI", "qBittorrent Web UI"])
def test_its_login(name):
    found = page(body=f'<title>{name}</title><form id="loginform">')
    assert outcome(recognise(found)) == ("http", "qBittorrent", "")


@pytest.mark.parametrize("near", [page(body="<title>qBittorrent Web UI</title>"), page(body='id="loginform"'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""Transmission is known by where it keeps its pages."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.transmission import recognise


@pytest.mark.parametrize(
    ("found", "guarded"),
    [
        (page("301 Moved", "Server: Transmission\nLocation: /transmission/web/"), False),
        (page("409 Conflict", "X-Transmission-Session-Id: x"), False),
        (page("403 Forbidden", "Server: Transmission"), True),
    ],
)
def test_its_pages(found, guarded):
    named = seen(recognise, found)
    assert outcome(named) == ("http", "Transmission BitTorrent", "")
    assert named.guarded is guarded


@pytest.mark.parametrize("near", [page(headers="Server: Transmission"), page(headers="Location: /transmission/"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

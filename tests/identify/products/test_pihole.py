"""Pi-hole is known by its header or its page.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.pihole import recognise


@pytest.mark.parametrize(
    "found",
    [
        page(headers="X-Pi-hole: A black hole for Internet advertisements."),
        page(body='<title>Pi-hole x</title><a href="/admin/">'),
    ],
)
def test_its_pages(found):
    assert outcome(recognise(found)) == ("http", "Pi-hole", "")


@pytest.mark.parametrize("near", [page(body="<title>Pi-hole</title>"), page(body='<a href="/admin/">'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

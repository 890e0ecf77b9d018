"""Home Assistant is known by title and scripts.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.home_assistant import recognise


def test_its_page():
    body = '<title>Home Assistant</title><script src="/frontend_latest/core.js"></script>'
    assert outcome(recognise(page(body=body))) == ("http", "Home Assistant", "")


@pytest.mark.parametrize("near", [page(body="<title>Home Assistant</title>"), page(body="/frontend_latest/"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""LuCI is known by the way that leads to it.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.openwrt import recognise


@pytest.mark.parametrize("place", ["/cgi-bin/luci", "cgi-bin/luci/"])
def test_its_root(place):
    body = f'<html><head><meta http-equiv="refresh" content="0; URL={place}" /></head></html>'
    assert outcome(recognise(page(body=body))) == ("http", "OpenWrt LuCI", "")


@pytest.mark.parametrize("near", [page(body="URL=/cgi-bin/luci"), page(body='<meta http-equiv="refresh">'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

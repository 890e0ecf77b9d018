"""Webmin is known by its server and its page.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.webmin import recognise


@pytest.mark.parametrize("name", ["Webmin", "Usermin"])
def test_its_login(name):
    found = page("401 Unauthorized", "Server: MiniServ/2.105", f"<title>Login to {name}</title>")
    assert outcome(recognise(found)) == ("http", name, "2.105")


@pytest.mark.parametrize(
    "near", [page(headers="Server: MiniServ/2.105"), page(body="<title>Login to Webmin</title>"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

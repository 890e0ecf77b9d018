"""pfSense is known by title and form.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.pfsense import recognise


def test_its_login():
    found = page(body='<title>pfSense - Login</title><input name="usernamefld">')
    assert outcome(recognise(found)) == ("http", "pfSense", "")


@pytest.mark.parametrize("near", [page(body="<title>pfSense - Login</title>"), page(body="usernamefld"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

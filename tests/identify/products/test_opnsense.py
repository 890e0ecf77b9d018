"""OPNsense is known by title and form.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.opnsense import recognise


@pytest.mark.parametrize(("headers", "form"), [("Server: OPNsense", ""), ("", '<input name="usernamefld">')])
def test_its_login(headers, form):
    found = page(headers=headers, body=f"<title>Login | OPNsense</title>{form}")
    assert outcome(recognise(found)) == ("http", "OPNsense", "")


@pytest.mark.parametrize("near", [page(body="<title>Login | OPNsense</title>"), page(headers="Server: OPNsense"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

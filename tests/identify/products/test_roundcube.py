"""Roundcube is known by cookie and script.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.roundcube import recognise


def test_its_login():
    found = page(
        headers="Set-Cookie: roundcube_sessid=x; path=/", body="<script>var rcmail = new rcube_webmail();</script>"
    )
    assert outcome(recognise(found)) == ("http", "Roundcube webmail", "")


@pytest.mark.parametrize("near", [page(headers="Set-Cookie: roundcube_sessid=x"), page(body="rcmail"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

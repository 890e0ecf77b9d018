"""Plex tells its version where it identifies itself.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.plex import PRODUCT, likely, recognise


def test_its_identity():
    element = '<MediaContainer size="0" machineIdentifier="x" version="1.32.8.7639-fb6452ebf"></MediaContainer>'
    named = seen(recognise, page(body=f'<?xml version="1.0"?>\n{element}', path="/identity"))
    assert outcome(named) == ("http", "Plex Media Server", "1.32.8.7639")
    assert named.info == "fb6452ebf"


def test_its_header():
    found = page("401 Unauthorized", "X-Plex-Protocol: 1.0")
    assert outcome(recognise(found)) == ("http", "Plex Media Server", "")
    assert seen(recognise, found).guarded
    assert likely(found)
    assert PRODUCT.ports == (32400,)


@pytest.mark.parametrize("near", [page(body='<MediaContainer version="1">'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

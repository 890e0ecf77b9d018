"""Vault tells its health to anybody.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.vault import PRODUCT, likely, recognise


@pytest.mark.parametrize(("status", "sealed", "shown"), [("200 OK", False, "no"), ("503 No", True, "yes")])
def test_its_health(status, sealed, shown):
    body = {"initialized": True, "sealed": sealed, "standby": False, "version": "1.15.2", "cluster_name": "c"}
    named = seen(recognise, page(status, body=body, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Vault", "1.15.2")
    assert named.facts == (("sealed", shown), ("cluster", "c"))


def test_where_it_is_likely():
    assert likely(page("307 Temporary Redirect", "Cache-Control: no-store\nLocation: /ui/"))
    assert not likely(page("307 Temporary Redirect", "Location: /ui/"))


@pytest.mark.parametrize("near", [page(body={"version": "1", "initialized": True, "sealed": "no"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

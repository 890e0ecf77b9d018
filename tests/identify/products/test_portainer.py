"""Portainer tells its version to anybody.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.portainer import PRODUCT, likely, recognise


def test_its_version():
    found = page(body={"Version": "2.19.4", "InstanceID": "x"}, path=PRODUCT.asks)
    assert outcome(recognise(found)) == ("http", "Portainer", "2.19.4")


def test_its_page():
    found = page(body='<html ng-app="portainer"><title>Portainer</title>')
    assert outcome(recognise(found)) == ("http", "Portainer", "")
    assert likely(found)


@pytest.mark.parametrize("near", [page(body={"Version": "2"}), page(body="<title>Portainer</title>"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

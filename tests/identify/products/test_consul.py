"""Consul tells its version where its agent is asked.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.consul import PRODUCT, likely, recognise


def test_its_version():
    body = {"Config": {"Datacenter": "dc1", "NodeName": "n", "Version": "1.16.1"}, "Member": {}}
    named = seen(recognise, page(body=body, path=PRODUCT.asks))
    assert outcome(named) == ("http", "Consul", "1.16.1")
    assert named.facts == (("datacenter", "dc1"), ("instance", "n"))


def test_without_pages():
    found = page(body="Consul Agent: UI disabled. To enable, set ui_config.enabled=true")
    assert outcome(recognise(found)) == ("http", "Consul", "")
    assert likely(found)


def test_where_it_is_likely():
    moved = '<a href="/ui/">Moved Permanently</a>.\n\n'
    assert likely(page("301 Moved Permanently", "Location: /ui/", moved))
    assert not likely(page("301 Moved Permanently", "Location: /ui/"))


@pytest.mark.parametrize("near", [page(body={"Config": {"Version": "1"}}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

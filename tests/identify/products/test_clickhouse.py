"""ClickHouse is known by its headers; its Ok is a likeness.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.clickhouse import recognise


def test_its_headers():
    named = seen(recognise, page(headers="X-ClickHouse-Server-Display-Name: node-1\nX-ClickHouse-Format: TSV"))
    assert outcome(named) == ("http", "ClickHouse", "")
    assert (named.proof, named.facts) == ("structure", (("instance", "node-1"),))


def test_its_ok_is_a_likeness():
    named = seen(recognise, page(body="Ok.\n", path="/ping", port=8123))
    assert named.proof == "pattern"


@pytest.mark.parametrize("near", [page(body="Ok.\n"), page(body="Ok", port=8123), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

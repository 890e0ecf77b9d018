"""A NATS server tells its version among its variables."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.nats_monitoring import PRODUCT, likely, recognise

VARIABLES = {"server_id": "NBO4", "version": "2.9.10", "max_payload": 1048576, "go": "go1.19.8"}
ROOT = page(body='<link href="https://nats.io/favicon.ico"><a href=./varz>General</a><a href=./connz>Connections</a>')


def test_its_version():
    named = seen(recognise, page(body=VARIABLES, path=PRODUCT.asks))
    assert outcome(named) == ("http", "NATS server monitoring", "2.9.10")
    assert named.cpe == ("cpe:/a:linuxfoundation:nats-server:2.9.10",)


def test_where_it_is_likely():
    assert likely(ROOT)
    assert not likely(BLOG)
    assert recognise(ROOT) is None


@pytest.mark.parametrize(
    "near",
    [
        page(body={**VARIABLES, "max_payload": "much"}),
        page(body={"version": "1", "max_payload": 1}),
        page(body="[1]"),
        BLOG,
    ],
)
def test_what_is_near(near):
    assert recognise(near) is None

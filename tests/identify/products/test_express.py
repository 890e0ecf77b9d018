"""Express is known by the header that is its own."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.express import recognise


def test_its_header():
    assert outcome(recognise(page(headers="X-Powered-By: Express"))) == ("http", "Node.js Express framework", "")


@pytest.mark.parametrize(
    "near", [page(headers="X-Powered-By: PHP/8.2"), page(headers="X-Powered-By: Express\nServer: nginx"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

"""aiohttp names itself behind the interpreter."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.aiohttp import recognise


def test_its_header():
    assert outcome(recognise(page(headers="Server: Python/3.11 aiohttp/3.8.4"))) == ("http", "aiohttp", "3.8.4")


@pytest.mark.parametrize("near", [page(headers="Server: Python/3.11"), page(headers="Server: x aiohttp/3.8.4"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

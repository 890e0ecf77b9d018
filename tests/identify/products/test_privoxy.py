"""Privoxy is known by its refusal, reason and page."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.privoxy import recognise

WORDS = "Invalid header received from client"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_its_refusal(end):
    found = page(f"400 {WORDS}", "Content-Type: text/plain", f"{WORDS}.{end}")
    assert outcome(recognise(found)) == ("http-proxy", "Privoxy", "")


@pytest.mark.parametrize(
    "near",
    [
        page("400 Bad Request", "", f"{WORDS}.\n"),
        page(f"400 {WORDS}"),
        page(f"400 {WORDS}", "Server: x", f"{WORDS}."),
        BLOG,
    ],
)
def test_what_is_near(near):
    assert recognise(near) is None

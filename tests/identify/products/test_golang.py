"""Go's HTTP server is known by its own words, byte by byte."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.golang import PRODUCT, recognise

GONE = "404 page not found\n"


def test_its_own_404():
    found = page("404 Not Found", "Content-Type: text/plain\nX-Content-Type-Options: nosniff", GONE)
    assert outcome(recognise(found)) == ("http", "Go net/http server", "")


def test_its_complaint_about_a_plain_request():
    found = page("400 Bad Request", "", "Client sent an HTTP request to an HTTPS server.\n")
    assert outcome(recognise(found)) == ("http", "Go net/http server", "")


@pytest.mark.parametrize(
    "near",
    [
        page("404 Not Found", "", GONE),
        page("404 Not Found", "X-Content-Type-Options: nosniff", "404 page not found"),
        page("200 OK", "X-Content-Type-Options: nosniff", GONE),
        BLOG,
    ],
)
def test_what_is_near(near):
    assert recognise(near) is None


def test_it_is_named_after_every_application():
    assert PRODUCT.server

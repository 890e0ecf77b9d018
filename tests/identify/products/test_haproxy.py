"""HAProxy is known by its whole error pages, and by its statistics."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.haproxy import recognise

DENIED = "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n"


@pytest.mark.parametrize("reason", ["Forbidden", "forbidden"])
def test_an_error_page(reason):
    found = seen(recognise, page("403 Forbidden", "cache-control: no-cache", DENIED.replace("Forbidden", reason)))
    assert outcome(found) == ("http-proxy", "HAProxy", "")
    assert found.guarded


def test_the_statistics_tell_the_version():
    body = "<title>Statistics Report for HAProxy</title>HAProxy version 2.6.12-1+deb12u4, released 2023/12/16"
    found = seen(recognise, page(body=body))
    assert outcome(found) == ("http-proxy", "HAProxy", "2.6.12-1+deb12u4")


@pytest.mark.parametrize(
    "near",
    [
        page("200 OK", "", DENIED),
        page("403 Forbidden", "", DENIED + "x"),
        page("403 Forbidden", "Server: nginx", DENIED),
        page("403 Forbidden", "", "Request forbidden by administrative rules."),
        BLOG,
    ],
)
def test_what_is_near(near):
    assert recognise(near) is None

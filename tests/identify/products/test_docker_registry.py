"""A registry is known by the header of its API."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.docker_registry import recognise


@pytest.mark.parametrize(("status", "guarded"), [("200 OK", False), ("401 Unauthorized", True)])
def test_its_header(status, guarded):
    named = seen(recognise, page(status, "Docker-Distribution-Api-Version: registry/2.0", "{}", path="/v2/"))
    assert outcome(named) == ("http", "Docker Registry", "")
    assert named.guarded is guarded


@pytest.mark.parametrize(
    "near", [page(headers="Docker-Distribution-Api-Version: x"), page(body="{}", path="/v2/"), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

"""Syncthing is known by its header."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.syncthing import recognise


def test_its_header():
    found = page(headers="X-Syncthing-Id: ABC\nX-Syncthing-Version: v1.19.2")
    assert outcome(recognise(found)) == ("http", "Syncthing", "1.19.2")


def test_its_refusal_of_a_name():
    named = seen(recognise, page("403 Forbidden", "X-Content-Type-Options: nosniff", "Host check error\n"))
    assert outcome(named) == ("http", "Syncthing", "")
    assert named.guarded


@pytest.mark.parametrize("near", [page(headers="X-Syncthing-Id: ABC"), page(body="X-Syncthing-Version: v1"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""Jenkins is known by its header.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.jenkins import recognise


@pytest.mark.parametrize(("status", "guarded"), [("200 OK", False), ("403 Forbidden", True)])
def test_its_header(status, guarded):
    named = seen(recognise, page(status, "X-Jenkins: 2.426.1\nX-Hudson: 1.395\nServer: Jetty(10.0.18)"))
    assert outcome(named) == ("http", "Jenkins", "2.426.1")
    assert named.guarded is guarded


@pytest.mark.parametrize("near", [page(headers="X-Hudson: 1.395"), page(body="X-Jenkins: 2"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

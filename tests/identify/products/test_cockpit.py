"""Cockpit is known by the files of its login page."""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.cockpit import recognise

BODY = '<link href="cockpit/static/login.css"><script>var environment = {"hostname":"n1"}</script><div id="login">'


def test_its_login():
    named = seen(recognise, page(body=BODY, port=9090))
    assert outcome(named) == ("http", "Cockpit web service", "")
    assert named.facts == (("instance", "n1"),)


@pytest.mark.parametrize("near", [page(body="cockpit/static/"), page(body='id="login"'), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

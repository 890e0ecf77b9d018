"""Nagios is a likeness, by its realm.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.nagios import recognise


def test_its_realm():
    named = seen(recognise, page("401 Unauthorized", 'WWW-Authenticate: Basic realm="Nagios Access"'))
    assert outcome(named) == ("http", "Nagios", "")
    assert (named.guarded, named.proof) == (True, "pattern")


@pytest.mark.parametrize("near", [page(headers='WWW-Authenticate: Basic realm="Nagios Access"'), page("401 No"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

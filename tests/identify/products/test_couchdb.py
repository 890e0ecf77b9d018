"""CouchDB welcomes, or refuses with its header.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.couchdb import recognise


def test_the_welcome():
    named = seen(recognise, page(body={"couchdb": "Welcome", "version": "3.3.1", "vendor": {"name": "x"}}))
    assert outcome(named) == ("http", "Apache CouchDB", "3.3.1")


def test_a_refusal():
    named = seen(
        recognise, page("401 Unauthorized", "Server: CouchDB/3.3.1 (Erlang OTP/23)", {"error": "unauthorized"})
    )
    assert outcome(named) == ("http", "Apache CouchDB", "3.3.1")
    assert (named.guarded, named.info) == (True, "Erlang OTP/23")


@pytest.mark.parametrize("near", [page(body={"couchdb": "Hello"}), page(headers="Server: CouchDB/3.3.1"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""Elasticsearch tells its version at the root, or refuses in its own form.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.elasticsearch import recognise

ROOT = {
    "name": "node-1",
    "cluster_name": "cellar",
    "version": {"number": "7.17.9", "lucene_version": "8.11.1"},
    "tagline": "You Know, for Search",
}


def test_the_root():
    named = seen(recognise, page(body=ROOT, headers="X-elastic-product: Elasticsearch"))
    assert outcome(named) == ("http", "Elasticsearch REST API", "7.17.9")
    assert named.info == "Lucene 8.11.1"
    assert named.facts == (("cluster", "cellar"), ("instance", "node-1"))
    assert named.cpe == ("cpe:/a:elastic:elasticsearch:7.17.9",)


def test_a_refusal():
    body = {"error": {"type": "security_exception", "reason": "missing authentication credentials"}, "status": 401}
    named = seen(recognise, page("401 Unauthorized", 'WWW-Authenticate: Basic realm="security"', body))
    assert outcome(named) == ("http", "Elasticsearch REST API", "")
    assert named.guarded


@pytest.mark.parametrize(
    "near",
    [page(body={**ROOT, "tagline": "The OpenSearch Project: x"}), page(body="You Know, for Search"),
     page(body={"error": {"type": "security_exception"}}), BLOG],
)  # fmt: skip
def test_what_is_near(near):
    assert recognise(near) is None

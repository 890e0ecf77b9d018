"""OpenSearch tells itself apart from what it grew out of.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.opensearch import recognise


def test_the_root():
    body = {"version": {"distribution": "opensearch", "number": "2.11.0"}, "cluster_name": "c",
            "tagline": "The OpenSearch Project: https://opensearch.org/"}  # fmt: skip
    named = seen(recognise, page(body=body))
    assert outcome(named) == ("http", "OpenSearch REST API", "2.11.0")
    assert named.facts == (("cluster", "c"),)


@pytest.mark.parametrize(
    "near", [page(body={"version": {"number": "2.11.0"}, "tagline": "You Know, for Search"}), BLOG]
)
def test_what_is_near(near):
    assert recognise(near) is None

"""Neo4j tells its version at the root.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.neo4j import recognise


def test_the_root():
    named = seen(
        recognise, page(body={"bolt_direct": "bolt://x:7687", "neo4j_version": "5.1.0", "neo4j_edition": "community"})
    )
    assert outcome(named) == ("http", "Neo4j", "5.1.0")
    assert named.info == "community"


@pytest.mark.parametrize("near", [page(body={"bolt_direct": "x"}), page(body={"neo4j_version": 5}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

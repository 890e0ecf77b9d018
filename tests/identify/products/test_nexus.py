"""Nexus is known by its header.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.nexus import recognise


def test_its_header():
    named = seen(recognise, page(headers="Server: Nexus/3.38.1-01 (OSS)"))
    assert outcome(named) == ("http", "Sonatype Nexus", "3.38.1-01")
    assert named.info == "OSS"


@pytest.mark.parametrize("near", [page(headers="Server: Nexus"), page(headers="Server: Nexus/3 (x)"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

"""DSM is known by title and scripts.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.synology import recognise


def test_its_page():
    body = '<title>nas - Synology DiskStation</title><script src="webman/sds.js"></script>'
    named = seen(recognise, page(body=body, port=5000))
    assert outcome(named) == ("http", "Synology DSM", "")
    assert named.facts == (("instance", "nas"),)


@pytest.mark.parametrize("near", [page(body="<title>Synology</title>"), page(body="webman/"), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

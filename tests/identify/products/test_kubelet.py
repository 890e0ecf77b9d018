"""A kubelet is a likeness, on its own port only.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page, seen

from hb_engine.identify.products.kubelet import recognise


@pytest.mark.parametrize(("status", "words"), [("401 Unauthorized", "Unauthorized"), ("200 OK", "ok")])
def test_its_answers(status, words):
    named = seen(recognise, page(status, "", words, path="/healthz", port=10250))
    assert outcome(named) == ("http", "Kubernetes kubelet", "")
    assert named.proof == "pattern"


@pytest.mark.parametrize(
    "near",
    [page(body="ok", path="/healthz"), page(body="ok", port=10250), page(body="no", path="/healthz", port=10250), BLOG],
)
def test_what_is_near(near):
    assert recognise(near) is None

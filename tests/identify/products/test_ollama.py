"""Ollama says that it runs, and then its version.

No server of it ran here: these pages are built from what it documents, none is captured.
"""

from __future__ import annotations

import pytest
from tests.kit.pages import BLOG, outcome, page

from hb_engine.identify.products.ollama import PRODUCT, recognise


def test_its_root():
    assert outcome(recognise(page(body="Ollama is running"))) == ("http", "Ollama", "")


def test_its_version():
    assert outcome(recognise(page(body={"version": "0.1.20"}, path=PRODUCT.asks))) == ("http", "Ollama", "0.1.20")


@pytest.mark.parametrize("near", [page(body="Ollama is running fine"), page(body={"version": "0.1.20"}), BLOG])
def test_what_is_near(near):
    assert recognise(near) is None

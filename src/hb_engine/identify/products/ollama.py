"""Ollama, which runs language models, says so at its root. Specification: Ollama API, /api/version."""

from __future__ import annotations

from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Ollama", asks="/api/version", ports=(11434,))
RUNNING = b"Ollama is running"


def recognise(page: Page) -> Identity | None:
    """Its whole root; then a version and nothing else, on its own port."""
    if page.body == RUNNING:
        return application("Ollama", evidence=text(RUNNING))
    if page.path == PRODUCT.asks and list(page.json()) == ["version"]:
        return application("Ollama", told(page.json(), "version"), evidence="/api/version", cpe="ollama:ollama")
    return None

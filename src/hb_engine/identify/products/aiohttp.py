"""aiohttp, a framework of Python, whose Server header begins with the interpreter's version.

Source: aiohttp, http.py (SERVER_SOFTWARE).
"""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("aiohttp", server=True)


def recognise(page: Page) -> Identity | None:
    """Python/3.11 aiohttp/3.8.4."""
    interpreter, _, own = page.header("server").partition(" aiohttp/")
    if not own[:1].isdigit() or not interpreter.startswith("Python/"):
        return None
    return application("aiohttp", own, evidence=line_of(page), cpe="aiohttp:aiohttp", info=interpreter)

"""HAProxy, where it answers for itself: its error pages and its statistics page.

A page of a server behind it shows nothing of it. Sources: http-errors in its configuration manual, src/http.c.
"""

from __future__ import annotations

from hb_engine.identify.http import title
from hb_engine.identify.kit import text
from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("HAProxy", server=True)
PAGES = {
    400: b"Your browser sent an invalid request.",
    401: b"You need a valid user and password to access this content.",
    403: b"Request forbidden by administrative rules.",
    408: b"Your browser didn't send a complete request in time.",
    429: b"You have sent too many requests in a given amount of time.",
    500: b"An internal server error occurred.",
    502: b"The server returned an invalid or incomplete response.",
    503: b"No server is available to handle this request.",
    504: b"The server didn't respond in time.",
}
STATS = "Statistics Report for HAProxy"


def recognise(page: Page) -> Identity | None:
    """An error page in its own words, whole; or the statistics page, which tells the version too."""
    if title(page).startswith(STATS):
        version = between(page.body, b"HAProxy version ", b",")
        return application("HAProxy", version, evidence=STATS, service="http-proxy", cpe="haproxy:haproxy")
    words = PAGES.get(page.status)
    whole = words and page.body.rstrip() == (
        b"<html><body><h1>%d %s</h1>\n%s\n</body></html>" % (page.status, _heading(page.body), words)
    )
    if not whole or page.header("server"):
        return None
    return application("HAProxy", service="http-proxy", evidence=text(words or b""), guarded=page.status in (401, 403))


def _heading(body: bytes) -> bytes:
    """The reason in the heading: 1.x and 2.x spell some of them differently."""
    return body[len(b"<html><body><h1>400 ") :].partition(b"</h1>")[0]

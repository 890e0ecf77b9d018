"""Jira and Confluence tell their version in the page. Source: Atlassian's meta tags ajs-*."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, between, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("Atlassian", asks="/login.action")


def likely(page: Page) -> bool:
    """The header about the request of either."""
    return bool(page.header("x-confluence-request-time")) and page.status in (301, 302)


def recognise(page: Page) -> Identity | None:
    """The header of one of them, and the version in the page."""
    confluence = bool(page.header("x-confluence-request-time"))
    if not confluence and not (page.header("x-arequestid") and page.cookie("atlassian.xsrf.token")):
        return None
    version = between(page.body, b'<meta name="ajs-version-number" content="', b'">')
    name = "Confluence" if confluence else "Jira"
    evidence = line_of(page, "x-confluence-request-time", "x-arequestid")
    return application(f"Atlassian {name}", version, evidence=evidence, cpe=f"atlassian:{name.lower()}")

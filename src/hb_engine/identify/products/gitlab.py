"""GitLab's login page; the version is told to who is logged in only. Source: GitLab, app/views/layouts."""

from __future__ import annotations

from hb_engine.identify.products import Product
from hb_engine.identify.webserver import application, line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.http import Page
    from hb_engine.model.identity import Identity

PRODUCT = Product("GitLab", asks="/users/sign_in")


def likely(page: Page) -> bool:
    """Its root leads to the login, with its session's cookie."""
    return page.cookie("_gitlab_session") or (
        page.header("location").endswith("/users/sign_in") and bool(page.header("x-gitlab-meta"))
    )


def recognise(page: Page) -> Identity | None:
    """The header about the request, or its name in the page's meta data."""
    if page.header("x-gitlab-meta"):
        return application("GitLab", evidence=line_of(page, "x-gitlab-meta"), cpe="gitlab:gitlab")
    if (
        b'content="GitLab" property="og:site_name"' in page.body
        or b'property="og:site_name" content="GitLab"' in page.body
    ):
        return application("GitLab", evidence="og:site_name GitLab", cpe="gitlab:gitlab")
    return None

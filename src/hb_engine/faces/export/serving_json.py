"""`hb serve --json`: where the pages are, and fresh links, as documents.

A link is as good as a password for as long as it lasts: it stands in these documents and nowhere else.
"""

from __future__ import annotations

from hb_engine.wire.json_text import document, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hb_engine.faces.web.serving import Link, Started


def started(told: Started, links: tuple[Link, ...], pid: int) -> str:
    """Pages are served: where, by whom, for whom, and the links to them."""
    return _written(
        "serve",
        {
            "url": told.urls[0],
            "urls": told.urls,
            "pid": pid,
            "user": told.user or None,
            "users": told.users or None,
            "users_told_apart": not told.untold,
            "links": _rows(links),
        },
    )


def fresh(links: tuple[Link, ...]) -> str:
    """Fresh links."""
    return _written("serve-links", {"links": _rows(links)})


def _rows(links: tuple[Link, ...]) -> list[dict[str, Any]]:
    return [{"right": link.right, "url": link.url, "seconds": link.lasts} for link in links]


def _written(kind: str, told: dict[str, Any]) -> str:
    return document(lambda quoting: value({"schema": "hb/1", "kind": kind, **told}, quoting))

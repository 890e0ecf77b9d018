"""Which openings of a machine a person wants to see: the words after ? of its page, as a filter, an order, and a page.

Every word comes from an address that anybody may have written: one that is not known counts as none, and a number that
is too large is the last page. It refuses to hide odd things as noise: what a rule has spoken of is never folded away.
"""

from __future__ import annotations

from typing import TypeVar

from hb_engine.faces.stories.order import by_place
from hb_engine.faces.stories.owners import holder
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines.rows import Row, Rows
from hb_engine.model.endpoint import SCOPES, TRANSPORTS
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

T = TypeVar("T")
PAGE = 100  # rows on a page
SORTS = ("worst", "port", "who", "reach", "transport")
STATES = ("odd", "drift", "debt", "unseen", "expected", "note")


@record
class Wanted:
    """A filter; an empty word lets everything through. `every` shows clients and idle sockets too."""

    transport: str = ""
    scope: str = ""
    state: str = ""
    q: str = ""
    sort: str = "worst"
    down: bool = False
    every: bool = False
    page: int = 1

    @property
    def narrow(self) -> bool:
        """Whether something is filtered."""
        return bool(self.transport or self.scope or self.state or self.q)

    def url(self, path: str, **other: object) -> str:
        """The address of this filter with some words changed; the page counts from 1 again unless it is given."""
        words: dict[str, object] = {
            "transport": self.transport,
            "scope": self.scope,
            "state": self.state,
            "q": self.q,
            "sort": "" if self.sort == "worst" else self.sort,
            "down": "1" if self.down else "",
            "every": "1" if self.every else "",
            **other,
        }
        return addresses.with_query(path, **words)

    def sorted_by(self, path: str, sort: str) -> str:
        """The address in another order; of the same order, turned round."""
        return self.url(
            path,
            sort="" if sort == "worst" else sort,
            down="1" if self.sort == sort != "worst" and not self.down else "",
        )


@record
class Found:
    """A page of rows: how many fit, how many clients and idle sockets are folded away, which page of how many."""

    rows: tuple[Row, ...]
    count: int
    folded: int
    page: int
    pages: int


def wanted(query: dict[str, str]) -> Wanted:
    """The filter that an address asks for."""
    return Wanted(
        transport=_one_of(query, "transport", TRANSPORTS),
        scope=_one_of(query, "scope", SCOPES),
        state=_one_of(query, "state", STATES),
        q=query.get("q", "").strip(),
        sort=_one_of(query, "sort", SORTS) or "worst",
        down=query.get("down") == "1",
        every=query.get("every") == "1",
        page=page_of(query),
    )


def page_of(query: dict[str, str]) -> int:
    """The page that an address asks for; 1 for what is none."""
    text = query.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def find(rows: Rows, want: Wanted) -> Found:
    """The rows that fit, in order, one page of them."""
    order = rows.in_order(want.sort, ORDER.get(want.sort))
    fitting = _narrowed(rows, order, want) if want.narrow else order
    shown = fitting if want.every else [row for row in fitting if not row.noise]
    if want.down:
        shown = shown[::-1]
    part, page, pages = paged(shown, want.page, PAGE)
    return Found(tuple(part), len(shown), len(fitting) - len(shown), page, pages)


def paged(items: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """A page of many: its items, its number, and how many pages there are. A page behind the last is the last."""
    pages = max((len(items) + size - 1) // size, 1)
    page = min(page, pages)
    return items[(page - 1) * size : page * size], page, pages


ORDER: dict[str, Callable[[Row], Any]] = {
    "port": lambda row: by_place(row.opening),
    "who": lambda row: (holder(row.opening).strip('"').lower(), by_place(row.opening)),
    "reach": lambda row: (-SCOPES.index(row.opening.scope), by_place(row.opening)),
    "transport": lambda row: (row.opening.transport, by_place(row.opening)),
}


def _one_of(query: dict[str, str], name: str, known: Sequence[str]) -> str:
    return text if (text := query.get(name, "")) in known else ""


def _narrowed(rows: Rows, order: Sequence[Row], want: Wanted) -> list[Row]:
    words = want.q.lower().split()
    found = [row for row in order if _fits(row, want)]
    for word in words:
        found = [row for row in found if word in rows.text(row)]
    return found


def _fits(row: Row, want: Wanted) -> bool:
    if want.transport and row.opening.transport != want.transport:
        return False
    if want.scope and row.opening.scope != want.scope:
        return False
    return not want.state or (row.odd if want.state == "odd" else row.state == want.state)

"""Markdown as the generated pages need it: a head, tables, lists of commands. It refuses to know what they speak of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def head(title: str, source: str, lead: str) -> str:
    """The beginning of a page: its title, what it holds, and that it was made from `source` by make docs."""
    return f"# {title}\n\n{lead}\n\nMade by `make docs` from {source}; change that, not this page."


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. Cells are Markdown already; what would end a cell is escaped."""
    lines = [_row(titles), _row(["---"] * len(titles)), *[_row([cell(text) for text in row]) for row in rows]]
    return "\n".join(lines)


def cell(text: str) -> str:
    """Text that stays inside a cell."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Text as code, in a line."""
    return f"`{text}`" if text else ""


def block(lines: Iterable[str]) -> str:
    """Lines as a block of commands."""
    return "\n".join(["```sh", *lines, "```"])


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join([f"- {item}" for item in items])


def join(parts: Iterable[str]) -> str:
    """Parts of a page with an empty line between, empty ones left out."""
    return "\n\n".join([part for part in parts if part]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

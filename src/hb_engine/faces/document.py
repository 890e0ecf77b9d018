"""What a face says, before anyone decides how it looks: blocks of lines of spans.

Stories build these values; cli/plain.py and cli/pretty.py render them. A span's style is a meaning (command, critical,
dim), never a colour. It refuses to know widths, terminals or escapes.
"""

from __future__ import annotations

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Line: TypeAlias = "tuple[Span, ...]"
    Block: TypeAlias = "Headline | Paragraph | Fields | Table | Blank"

MARKS = {
    "none": "\u25cb",
    "info": "\u25cb",
    "low": "\u25cf",
    "medium": "\u25cf",
    "high": "\u2717",
    "critical": "\u2717",
}


@record
class Span:
    """A stretch of text with one meaning. `plain` stands in its place when nobody's eyes are at the other end."""

    text: str
    style: str = ""
    plain: str | None = None


@record
class Headline:
    """What a page is about, and a remark that stands at the right edge where there is room."""

    left: Line
    right: Line = ()


@record
class Paragraph:
    """Running text, wrapped to the width."""

    line: Line
    indent: int = 0


@record
class Field:
    """A label and what is said under it, one line for each fact."""

    label: str
    lines: tuple[Line, ...]
    style: str = "label"


@record
class Fields:
    """Labelled facts whose labels share a column."""

    fields: tuple[Field, ...]


@record
class Column:
    """A column; `plain` is its title where nobody's eyes are at the other end.

    Where room is short the highest `drop` goes first (0 never), then flexible ones shrink down to `least`.
    What does not fit is cut, or, in a last column that flows, continued on the next lines.
    """

    title: str
    plain: str | None = None
    align: str = "left"
    flexible: bool = False
    least: int = 8
    drop: int = 0
    flow: bool = False


@record
class Table:
    """Rows of cells, each a line."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]
    header: bool = True


@record
class Blank:
    """An empty line."""


@record
class Document:
    """A page."""

    blocks: tuple[Block, ...]


def line(*parts: str | Span) -> Line:
    """A line of plain strings and spans."""
    return tuple([part if isinstance(part, Span) else Span(part) for part in parts if part != ""])


def mark(severity: str) -> Span:
    """The symbol of a severity; the word itself where text is for programs."""
    return Span(MARKS.get(severity, "\u25cb"), severity, severity)


def command(text: str) -> Span:
    """Something to type."""
    return Span(text, "command")


def listed(items: list[Line], separator: str = " \u00b7 ") -> Line:
    """Lines as one, a separator between them."""
    joined: list[Span] = []
    for index, item in enumerate(items):
        joined += (Span(separator, "dim"), *item) if index else item
    return tuple(joined)

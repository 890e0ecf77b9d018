"""What a name or some words found in the registry: a table of rows, or nothing and what comes near."""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Paragraph, Span, Table, command, line
from hb_engine.faces.text import plural
from hb_engine.faces.words import person

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.port import Found
    from hb_engine.faces.document import Line
    from hb_engine.model.assignment import Assignment

MATCHES = (
    Column("port", align="right"),
    Column("transport"),
    Column("name"),
    Column("description", flexible=True, least=16),
    Column("status", drop=1),
)


def matches(found: Found, *, wide: bool) -> Document:
    """The rows, and the command for the first port among them."""
    head = Paragraph(line(Span(plural(len(found.matches), "row"), "strong"), f" of the registry for {found.query}"))
    first = next((str(row.first) for row in found.matches if row.first is not None), None)
    rows = tuple([_match(row, wide=wide) for row in found.matches])
    after = (Fields((Field("next", ((command(f"hb port {first}"),),)),)),) if first else ()
    return Document((head, Table(MATCHES, rows), *after, *_wrong(found)))


def _match(row: Assignment, *, wide: bool) -> tuple[Line, ...]:
    port = "-" if row.first is None else str(row.first) if row.first == row.last else f"{row.first}-{row.last}"
    said = row.description + (f"; assigned to {person(row.assignee)}" if wide and row.assignee else "")
    status = "" if row.status == "assigned" else row.status
    cells = (
        line(port),
        line(row.transport or "any"),
        line(Span(row.name or "-", "strong")),
        line(" ".join(said.split())),
    )
    return (*cells, (Span(status, "dim", status or "-"),))


def nothing(found: Found) -> Document:
    """That there is nothing, and the names that come near."""
    head = Paragraph(line(Span("Nothing", "strong"), f" is registered under {found.query}."))
    near = (Blank(), Fields((Field("near", (line(", ".join(found.suggestions)),)),))) if found.suggestions else ()
    return Document((head, *near, *_wrong(found)))


def _wrong(found: Found) -> tuple[Paragraph, ...]:
    """Trouble with the data, which may be why nothing was found."""
    return (Paragraph(line(Span(found.problem, "medium"))),) if found.problem else ()

"""What `hb update` did, in two lines."""

from __future__ import annotations

from hb_engine.faces.document import Document, Field, Fields, Paragraph, Span, line
from hb_engine.faces.text import plural
from hb_engine.model.record import items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.update import UpdateResult
    from hb_engine.faces.document import Line

STATES = {
    "updated": "The registry's data is new",
    "unchanged": "The registry has nothing newer",
    "recent": "The registry was asked less than a day ago; it asks not to be asked oftener",
    "too soon": "The registry was asked less than a day ago; it asks not to be asked oftener",
}


def tell(result: UpdateResult) -> Document:
    """The result: what changed, of which day the data is, and where it lies."""
    head = line(Span(STATES.get(result.state, result.state), "strong"), f"{_changes(result)}.")
    note = dict(items(result)).get("note")
    fields: list[tuple[str, Line]] = [("data", line(f"of {result.as_of}" if result.as_of else "of an unknown day"))]
    fields += [("where", line(result.path))] if result.path else []
    fields += [("note", line(Span(str(note), "medium")))] if note else []
    return Document((Paragraph(head), Fields(tuple([Field(name, (told,)) for name, told in fields]))))


def _changes(result: UpdateResult) -> str:
    if result.state != "updated":
        return ""
    parts = [
        (result.added, "row added", "rows added"),
        (result.removed, "removed", "removed"),
        (result.changed, "changed", "changed"),
    ]
    told = [plural(count, one, many) for count, one, many in parts if count]
    return f": {', '.join(told)}" if told else ", and says the same"

"""History as JSON documents of schema hb/1: a look that was kept, the changes or spans of a machine, a repair."""

from __future__ import annotations

from hb_engine.wire.json_text import LITERALS, array, document, members, value
from hb_engine.wire.opening_json import opening, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.app.looking.diff import Difference
    from hb_engine.app.remembering.history import Kept, Story
    from hb_engine.model.history import Change, Span
    from hb_engine.model.inventory import Inventory
    from hb_engine.store.sqlite.repair import Repaired
    from hb_engine.wire.json_text import Quote

    Pairs = list[tuple[str, str]]


def kept(done: Kept) -> str:
    """A look that was kept, and what it showed."""
    seen = done.look
    return _document(
        "record",
        lambda q: [
            ("host", q(seen.host.name)),
            ("path", q(done.path)),
            ("taken_at", when(seen.taken_at)),
            ("before", when(done.before)),
            ("count", str(len(seen.openings))),
            ("changes", array([changed(change, q) for change in done.changes])),
        ],
    )


def repaired(done: Repaired) -> str:
    """What a repair did."""
    return _document(
        "repair",
        lambda q: [
            ("path", q(done.path)),
            ("aside", q(done.aside)),
            ("problem", q(done.problem)),
            ("looks", str(done.looks)),
        ],
    )


def story(told: Story, query: str, since: float | None) -> str:
    """The changes of a machine, or the spans that a query found."""
    return _document(
        "history",
        lambda q: [
            ("host", q(told.host)),
            ("path", q(told.path)),
            ("query", q(query)),
            ("since", when(since)),
            ("first_look", when(told.first)),
            ("last_look", when(told.last)),
            ("changes", array([changed(change, q) for change in told.changes])),
            ("spans", array([_span(span, q) for span in told.spans])),
        ],
    )


def snapshot(seen: Inventory, path: str) -> str:
    """A file that was written."""
    return _document(
        "snapshot",
        lambda q: [
            ("host", q(seen.host.name)),
            ("path", q(path)),
            ("taken_at", when(seen.taken_at)),
            ("count", str(len(seen.openings))),
        ],
    )


def diff(found: tuple[Difference, ...]) -> str:
    """Two inventories beside each other, machine by machine."""
    return _document("diff", lambda q: [("machines", array([_difference(one, q) for one in found]))])


def _difference(one: Difference, q: Quote) -> str:
    return members(
        [
            ("before", q(one.before.host.name)),
            ("before_taken_at", when(one.before.taken_at)),
            ("after", q(one.after.host.name)),
            ("after_taken_at", when(one.after.taken_at)),
            ("changes", array([changed(change, q) for change in one.changes])),
            ("unseen", array([opening(each, q) for each in one.unseen])),
        ],
        q,
    )


def changed(change: Change, q: Quote) -> str:
    """A difference between two looks."""
    previous = "null" if change.previous is None else opening(change.previous, q)
    return members(
        [
            ("change", q(change.kind)),
            ("at", when(change.at)),
            ("after", when(change.after)),
            ("opening", opening(change.opening, q)),
            ("previous", previous),
        ],
        q,
    )


def _span(span: Span, q: Quote) -> str:
    return members(
        [
            ("open", LITERALS[span.gone_at is None]),
            ("before", when(span.before)),
            ("first_seen", when(span.first_seen)),
            ("last_seen", when(span.last_seen)),
            ("gone_at", when(span.gone_at)),
            ("opening", opening(span.opening, q)),
        ],
        q,
    )


def _document(kind: str, fields: Callable[[Quote], Pairs]) -> str:
    head = [("schema", '"hb/1"'), ("kind", value(kind, lambda text: f'"{text}"'))]
    return document(lambda quoting: members([*head, *fields(quoting)], quoting))

"""Two inventories beside each other: one line for each difference, and in a line what could not be compared.

What the one could not show is counted apart, with the reason of the first gap: it is no difference, and no sameness.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Span, Table, command, line
from hb_engine.faces.stories.history import STYLES, detail
from hb_engine.faces.stories.owners import holder_line
from hb_engine.faces.text import plural
from hb_engine.faces.words import gap, moment, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.diff import Difference
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.history import Change
    from hb_engine.model.inventory import Inventory

SIGNS = {"opened": "+", "closed": "-", "widened": "↑", "narrowed": "↓", "owner": "≠", "facts": "~"}
PLAIN = {"opened": "+", "closed": "-", "widened": ">", "narrowed": "<", "owner": "!", "facts": "~"}
FEW = 8  # openings that are named where they could not be compared
COLUMNS = (
    Column("", "sign"),
    Column("WHAT", "what"),
    Column("PLACE", "place"),
    Column("OWNER", "owner", flexible=True, least=14),
    Column("DETAIL", "detail", flexible=True, least=14, flow=True),
)


def tell(found: tuple[Difference, ...], now: float) -> Document:
    """The page; machines without a difference are counted where there are several."""
    blocks: list[Block] = []
    told = [one for one in found if one.changes or one.unseen or len(found) == 1]
    for one in told:
        blocks += [*([Blank()] if blocks else []), *_machine(one, now)]
    same = len(found) - len(told)
    if same:
        text = f"{plural(same, 'machine')} without a difference"
        blocks += [*([Blank()] if blocks else []), Headline(line(Span(text, "dim")))]
    return Document(tuple(blocks))


def _machine(one: Difference, now: float) -> list[Block]:
    count = plural(len(one.changes), "difference") if one.changes else "no difference"
    left = line(Span(_pair(one.before, one.after), "strong"), f" · {count}")
    times = f"{moment(one.before.taken_at, now)} → {moment(one.after.taken_at, now)}"
    blocks: list[Block] = [Headline(left, line(Span(times, "dim")))]
    if one.changes:
        blocks += [Blank(), Table(COLUMNS, tuple([_row(change) for change in one.changes]), header=False)]
    if one.unseen:
        blocks += [Blank(), Fields((Field("unseen", tuple(_unseen(one))),))]
    return blocks


def _pair(before: Inventory, after: Inventory) -> str:
    names = [seen.host.name or "a machine" for seen in (before, after)]
    return names[0] if names[0] == names[1] else " → ".join(names)


def _row(change: Change) -> tuple[Line, ...]:
    style = STYLES.get(change.kind, "")
    sign = Span(SIGNS.get(change.kind, "·"), style, PLAIN.get(change.kind, "."))
    cells = (line(Span(change.kind, style)), line(place(change.opening)), holder_line(change.opening))
    return (line(sign), *cells, line(detail(change)))


def _unseen(one: Difference) -> list[Line]:
    shown = ", ".join([place(opening) for opening in one.unseen[:FEW]])
    more = f" and {len(one.unseen) - FEW} more" if len(one.unseen) > FEW else ""
    lines = [line(f"in one of the two only, and the other could not have shown it: {shown}{more}")]
    gaps = [*one.before.coverage.gaps, *one.after.coverage.gaps]
    partial = one.before.coverage.partial or one.after.coverage.partial
    if partial:
        lines.append(line(f"one of the two is a part only ({partial})   ", command("hb snapshot")))
    elif gaps:
        lines.append(line(Span(gap(gaps[0]), "dim")))
    return lines

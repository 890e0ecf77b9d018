"""What an edit of the rules changes, in one sentence and by rule: first what it makes wrong."""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Span, Table, line
from hb_engine.faces.document import command as typed
from hb_engine.faces.stories.owners import holder
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.plan import Change, Plan
    from hb_engine.faces.document import Block, Line

# Effects in the order in which they are told, with the severity of their mark and what they are called.
EFFECTS = {
    "violation": ("high", "becomes drift"),
    "gone": ("high", "is required, and is not there"),
    "other": ("low", "is drift of another kind"),
    "required": ("none", "is required no longer"),
    "expected": ("none", "becomes expected"),
}
COLUMNS = (
    Column(""),
    Column("rule", least=12),
    Column("where", drop=1),
    Column("place"),
    Column("who", flexible=True, least=12),
    Column("what", flexible=True, least=24, flow=True),
)
FIRST = 5  # changes of one rule that are told before the rest is counted
NAMED = 3  # hosts that are named in a row


def tell(found: Plan, *, every: bool = False) -> Document:
    """The page. With `every` all changes are told."""
    blocks: list[Block] = [Headline(line(*_sentence(found)), line(Span(_compared(found), "dim")))]
    rows = _rows(found, every=every)
    if rows:
        blocks += [Blank(), Table(COLUMNS, tuple(rows), header=False)]
    edited = _edited(found)
    if edited:
        blocks += [Blank(), Fields(tuple(edited))]
    return Document(tuple(blocks))


def _sentence(found: Plan) -> list[Span | str]:
    """This edit makes 37 openings on 12 hosts expected and 2 new violations on 1."""
    good = [change for change in found.changes if change.effect == "expected"]
    bad = found.violations
    if not found.changes:
        edit = (
            "this edit changes nothing"
            if any((found.added, found.removed, found.changed))
            else "the rules are the same"
        )
        return [f"{edit}: {plural(found.openings, 'opening')} on {_hosts(found.hosts)} asked"]
    if not good and not bad:
        other = sum(change.effect == "other" for change in found.changes)
        left = len(found.changes) - other
        said = [f"{plural(other, 'opening')} drift in another way"] if other else []
        said += [f"{plural(left, 'place')} required no longer"] if left else []
        return [f"this edit makes no new violation: {joined(said)}"]
    parts: list[Span | str] = ["this edit makes "]
    if good:
        parts.append(f"{plural(len(good), 'opening')} on {_hosts(len({one.host for one in good}))} expected")
    if bad:
        told = f"{plural(len(bad), 'new violation')} on {_hosts(len({one.host for one in bad}))}"
        return [*parts, " and " if good else "", Span(told, "high")]
    return [*parts, ", and no new violation"]


def _hosts(count: int) -> str:
    return plural(count, "host")


def _compared(found: Plan) -> str:
    return f"{found.folder}: {plural(found.rules[1], 'rule')}, against {found.against}: {found.rules[0]}"


def _rows(found: Plan, *, every: bool) -> list[tuple[Line, ...]]:
    rows: list[tuple[Line, ...]] = []
    order = list(EFFECTS)
    groups: dict[tuple[int, str], list[Change]] = {}
    for change in found.changes:
        name = change.rule.id if change.rule else ""
        groups.setdefault((order.index(change.effect), name), []).append(change)
    for _, alike in sorted(groups.items(), key=lambda each: (each[0][0], -len(each[1]), each[0][1])):
        same = _same(alike)
        shown = same if every else same[:FIRST]
        rows += [_row(each) for each in shown]
        left = sum(len(each) for each in same[len(shown) :])
        if left:
            rows.append(((), (), (), (), (), line(Span(f"and {left} more   ", "dim"), typed("hb plan --all"))))
    return rows


def _same(changes: list[Change]) -> list[list[Change]]:
    """Changes of one rule and effect, those of the same key together, the most frequent first."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.opening.key if change.opening else "", []).append(change)
    return sorted(found.values(), key=lambda each: -len(each))


def _row(alike: list[Change]) -> tuple[Line, ...]:
    first = alike[0]
    severity, effect = EFFECTS[first.effect]
    rule, opening = first.rule, first.opening
    where = place(opening) if opening else rule.places if rule else ""
    who = holder(opening) if opening else ""
    names = list(dict.fromkeys([change.host for change in alike]))
    on = joined(names) if len(names) <= NAMED else f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    after = first.after.detail if first.after and first.effect != "expected" else ""
    told = f"{effect} on {on}{f': {after}' if after else ''}"
    name = rule.id if rule else "no rule"
    at = rule.where.text if rule else ""
    return (line(Span("", severity)), line(Span(name, "strong")), line(Span(at, "dim")), line(where), line(who),
            line(Span(told, severity if severity == "high" else "")))  # fmt: skip


def _edited(found: Plan) -> list[Field]:
    fields = []
    for label, names in (("added", found.added), ("removed", found.removed), ("changed", found.changed)):
        if names:
            more = f" and {len(names) - 8} more" if len(names) > 8 else ""
            fields.append(Field(label, (line(f"{', '.join(names[:8])}{more}"),)))
    return fields

"""The rules that nothing used, and how far back that could be known."""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Paragraph, Span, Table, line
from hb_engine.faces.document import command as typed
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import duration
from hb_engine.wire.dates import iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.prune import Pruned
    from hb_engine.faces.document import Block

COLUMNS = (
    Column("rule"),
    Column("where"),
    Column("listen"),
    Column("by", flexible=True, drop=1),
    Column("owner"),
    Column("why", flexible=True, flow=True),
)
NAMED = 5


def tell(found: Pruned) -> Document:
    """The page."""
    looks = f"{plural(found.looks, 'look')} at {_hosts(found)} since {iso_day(found.since)}"
    blocks: list[Block] = [Headline(line(_sentence(found)), line(Span(looks, "dim")))]
    if found.is_short:
        told = f"history is shorter than {found.days} days: it begins {duration(found.now - found.begins)} ago"
        blocks.append(Paragraph(line(Span(told, "medium"), "; a rule for what is open now and then may be named here")))
    if found.rules:
        rows = [
            (
                line(f"{rule.kind} ", Span(rule.id or "(no id)", "strong")),
                line(Span(rule.where.text, "dim")),
                line(rule.places),
                line(rule.by_text),
                line(rule.owner),
                line(rule.why),
            )
            for rule in found.rules
        ]
        ask = line("ask its owner, then take it out of its file   ", typed("hb plan"))
        blocks += [Blank(), Table(COLUMNS, tuple(rows)), Blank(), Fields((Field("next", (ask,)),))]
    return Document(tuple(blocks))


def _sentence(found: Pruned) -> str:
    if not found.of:
        return f"{found.folder} has no rule that allows or requires, besides those of packs"
    days = plural(found.days, "day")
    if found.of == 1:
        word = "nothing" if found.rules else "something"
        return f"{found.folder}: the one rule that allows or requires covered {word} in {days}"
    of = f"of {found.of:,} rules that allow or require"
    if not found.rules:
        return f"{found.folder}: every one {of} covered something in {days}"
    verb = "covers" if len(found.rules) == 1 else "cover"
    return f"{found.folder}: {len(found.rules):,} {of} {verb} nothing in {days}"


def _hosts(found: Pruned) -> str:
    return joined(found.hosts) if len(found.hosts) <= NAMED else plural(len(found.hosts), "machine")

"""A card of `hb review`: one key, what there is to know of it, and the keys that decide; at the end what was written.

A card fits the screen: what is least needed to decide goes first where room is short. Nothing on it is cut silently.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Document, Field, Fields, Headline, Paragraph, Span, command, line
from hb_engine.faces.stories.accepted import rule_text
from hb_engine.faces.stories.opening import tell as story
from hb_engine.faces.text import joined, plural, shell_word
from hb_engine.faces.words import moment, place, scope, since

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.review import Card, Session
    from hb_engine.faces.document import Block, Line

KEYS = (
    ("a", "allow"),
    ("t", "temporary"),
    ("f", "forbid"),
    ("e", "explain"),
    ("s", "skip"),
    ("u", "undo"),
    ("q", "quit"),
)
LABELS = ("who", "runs", "script", "came by", "reach", "held by", "meant", "listed", "noted")
# What goes first where the screen is too small, and what never does.
LEAST = ("noted", "meant", "listed", "held by", "likely", "came by", "reach")
NAMED = 5  # machines
SEVERE = ("critical", "high", "medium", "low", "info")


def tell(card: Card, number: int, count: int, written: int, now: float, *, rows: int | None = None) -> Document:
    """The card. With `rows`, fields are left out until about so many lines are left."""
    head = line(Span(place(card.opening), "strong"), "  ", scope(card.opening.scope), "   ", _verdict(card))
    done = f" · {written} written" if written else ""
    fields = _fields(card, now)
    for label in LEAST:
        if rows is None or sum(len(field.lines) for field in fields) <= max(rows - 6, 3):
            break
        fields = [field for field in fields if field.label != label]
    if rows is not None and sum(len(field.lines) for field in fields) > max(rows - 6, 3):
        fields = [_short(field) for field in fields]
    if rows is not None and rows < 0:  # hardly any room: which port it is, and whose, must not scroll away
        fields = [field for field in fields if field.label == "who"]
    return Document((Headline(head, line(Span(f"{number} of {count}{done}", "dim"))), Fields(tuple(fields))))


def _short(field: Field) -> Field:
    """A field's first line, with a mark where there are more."""
    if len(field.lines) == 1:
        return field
    return Field(field.label, ((*field.lines[0], Span(" \u2026", "dim")),), field.style)


def _verdict(card: Card) -> Span:
    kind = card.verdict.kind if card.verdict.state == "drift" else "not reviewed"
    style = card.verdict.severity if card.verdict.state == "drift" else "dim"
    return Span(kind, style)


def _fields(card: Card, now: float) -> list[Field]:
    told = [Field("said", tuple([_said(one.severity, one.reason) for one in (card.verdict, *card.odd)]))]
    facts = [block for block in story(card.opening, None, {}, now) if isinstance(block, Fields)]
    inner = [field for block in facts for field in block.fields]
    told += [field for field in inner if field.label in LABELS]
    odd = [each for field in inner if field.label.lower() in SEVERE for each in field.lines]
    told += [Field("odd", tuple(odd), "high")] if odd else []
    if card.causes:
        told.append(
            Field("likely", tuple([line(f"{moment(one.at, now)} {one.text} ({one.source})") for one in card.causes]))
        )
    if card.since is not None:
        told.append(Field("since", (line(since(card.since, now)),)))
    told.append(Field("on", (line(_hosts(card.hosts)),)))
    return told


def _said(severity: str, reason: str) -> Line:
    return (Span(f"{severity}: ", severity), Span(reason))


def _hosts(hosts: tuple[str, ...]) -> str:
    if len(hosts) <= NAMED:
        return joined(hosts)
    return f"{len(hosts)} machines: {', '.join(hosts[:NAMED])} ..."


def menu() -> Document:
    """The keys, in one line where it fits."""
    parts: list[str | Span] = []
    for key, word in KEYS:
        parts += [command(key), Span(f" {word}   ")]
    return Document((Blank(), Paragraph(line(*parts))))


def proposal(text: str, verb: str, notes: tuple[str, ...] = ()) -> Document:
    """A block that is to be confirmed."""
    blocks: list[Block] = [Blank(), Paragraph(line("This would be written:")), *rule_text(text)]
    blocks += [Paragraph(line(Span("note: ", "medium"), note)) for note in notes]
    keys = (command("Enter"), f" {verb}   ", command("o"), " another owner   ", command("Esc"), " back")
    blocks.append(Paragraph(line(*keys)))
    return Document(tuple(blocks))


def refused(message: str, remedy: str) -> Document:
    """Why something is not done, above the keys."""
    return Document((Blank(), Paragraph(line(Span(message, "high"))), Paragraph(line(remedy)), *menu().blocks))


def said(text: str) -> Document:
    """What was just done, above the keys."""
    return Document((Blank(), Paragraph(line(Span(text, "none"))), *menu().blocks))


def end(session: Session, skipped: int, left: int) -> Document:
    """What was written, and how to look at it."""
    if not session.cards:
        return Document(
            (Paragraph(line("Nothing waits for a decision: everything that is open is covered by a rule.")),)
        )
    told = [f"{skipped} skipped"] if skipped else []
    told += [f"{left} not looked at"] if left else []
    rest = f" {joined(told).capitalize()}." if told else ""
    if not session.decided:
        return Document((Paragraph(line(f"Nothing was written.{rest}")),))
    rules = [one.edit.rules[0] for one in session.decided]
    head = line(Span(f"{plural(len(rules), 'rule')} written to {session.path}.", "strong"), rest)
    fields = [Field(rule.kind, (line(rule.id),)) for rule in rules]
    word = shell_word(session.folder)
    go = (
        line(command(f"git add -N {word}; git diff {word}"), " · ", command("hb check"))
        if word
        else line(command("hb check"))
    )
    return Document((Paragraph(head), Fields((*fields, Field("next", (go,))))))

"""How the baseline came to its word on a port: each opening there, the rules that are about it in order, what decided.

A rule that is about another place or another machine says nothing of an opening; it is counted, and shown only on
request. For a closed port the rules are told as they would be if somebody opened it to everyone.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Column, Document, Field, Fields, Headline, Paragraph, Span, Table, line
from hb_engine.faces.document import command as typed
from hb_engine.faces.stories import coverage as covered
from hb_engine.faces.stories.owners import holder, why_query
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import place, reach
from hb_engine.model.record import replace
from hb_engine.wire.dates import DAY, iso, iso_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.ruling.explain import Explained, Explanation
    from hb_engine.faces.document import Block, Line
    from hb_engine.model.baseline import Rule
    from hb_engine.model.decision import Decision, Step

QUIET = ("other-host", "other-place")
OUTCOMES = {
    "covers": "fits",
    "other-place": "another place",
    "wider": "reaches too far",
    "other-owner": "somebody else",
    "owner-unseen": "owner unseen",
    "speaks-else": "speaks else",
    "weaker": "weaker",
    "speech-unseen": "not heard",
    "expired": "expired",
    "outside-window": "another time",
    "other-host": "other machines",
}
# A word, the mark before it, and what it means for a person who reads nothing else.
WORDS = {
    "expected": ("none", "expected"),
    "forbidden": ("critical", "forbidden"),
    "widened": ("high", "reaches further than it may"),
    "owner-changed": ("high", "somebody else holds it"),
    "speaks-else": ("high", "something else speaks"),
    "weakened": ("medium", "weaker than it must be"),
    "expired": ("medium", "allowed no longer"),
    "out-of-window": ("medium", "not at this time"),
    "unseen": ("low", "cannot be told"),
    "unmatched": ("medium", "no rule is about it"),
}
COLUMNS = (
    Column(""),
    Column("rule", least=12),
    Column("where"),
    Column("outcome"),
    Column("why", flexible=True, flow=True),
)
MOST = 20  # openings that are told


def tell(found: Explanation, *, every: bool = False) -> Document:
    """The page. With `every` rules for other places and machines are told too."""
    blocks: list[Block] = [Headline(_headline(found), _right(found))]
    for one in found.explained[:MOST]:
        blocks += _opening(one, every=every)
    if len(found.explained) > MOST:
        rest = f"and {plural(len(found.explained) - MOST, 'more opening')}   "
        blocks += [Blank(), Paragraph(line(rest, typed(f"hb explain {found.query} --json")))]
    for decision in found.closed:
        blocks += _closed(decision, every=every)
    if found.missing:
        told = tuple([line(Span(one.reason, one.severity)) for one in found.missing])
        blocks += [Blank(), Fields((Field("required", told),))]
    if not found.explained and found.coverage.gaps:
        blocks += [Blank(), Paragraph(line(Span(covered.in_short(found.coverage, ()), "dim")))]
    return Document(tuple(blocks))


def _headline(found: Explanation) -> Line:
    count = len(found.explained)
    what = plural(count, "opening") if count else "nothing is open there, as far as was asked"
    return line(Span(found.query, "strong"), f": {what}")


def _right(found: Explanation) -> Line:
    roles = f", roles {joined(found.roles)}" if found.roles else ""
    rules = f"{found.report.baseline or 'packs'}: {plural(found.report.rules, 'rule')} for {found.report.host.name}"
    return line(Span(f"{rules}{roles}", "dim"))


def _opening(one: Explained, *, every: bool) -> list[Block]:
    opening, decision = one.decision.opening, one.decision
    where = f", in namespace {opening.netns.name or opening.netns.id}" if opening.netns.kind != "host" else ""
    head = line(Span(place(opening), "strong"), f" on {reach(opening)}{where}, held by {holder(opening)}")
    fields = [Field("decided", _decided(decision))]
    fields += _rule(decision.rule) if decision.rule and decision.word != "unmatched" else []
    fields += _speaks(one)
    fields += _findings(one)
    return [Blank(), Paragraph(head), *_steps(decision, every=every), Fields(tuple(fields))]


def _decided(decision: Decision) -> tuple[Line, ...]:
    severity, meaning = WORDS[decision.word]
    said = decision.detail.removeprefix(meaning).removeprefix(
        "; "
    )  # which begins with the same words where no rule fits
    lines = [line(Span(meaning, severity), f": {said}" if said else "")]
    if decision.muted:
        lines.append(line(f"recorded and not told: in the window {decision.muted}"))
    return tuple(lines)


def _rule(rule: Rule) -> list[Field]:
    """Whose decision it is, and until when."""
    whose = [text for text in (f"owner {rule.owner}" if rule.owner else "", rule.why) if text]
    times = [("until", rule.until), ("review by", rule.review), ("accepted", rule.accepted)]
    dates = [f"{name} {iso(at) if at % DAY and at % DAY != DAY - 1 else iso_day(at)}" for name, at in times if at]
    said = ": ".join(whose)
    lines = tuple([line(text) for text in (said, ", ".join(dates)) if text])
    return [Field("whose", lines)] if lines else []


def _speaks(one: Explained) -> list[Field]:
    if one.answer is None:
        return []
    identity = one.answer.identity
    if identity is None:
        return [Field("speaks", (line(f"nothing that could be named ({one.answer.held or one.answer.state})"),))]
    told = " ".join([text for text in (identity.name, identity.product, identity.version) if text])
    versions = f", {', '.join(identity.tls.versions)}" if identity.tls and identity.tls.versions else ""
    return [Field("speaks", (line(f"{told}{versions}"),))]


def _findings(one: Explained) -> list[Field]:
    """What hb check makes of it, and what the evidence says beside the rules."""
    lines = [
        line(Span(f"{verdict.kind} ({verdict.state})", verdict.severity), f": {verdict.reason}")
        for verdict in one.verdicts
    ]
    query = why_query(one.decision.opening)
    if lines and query:
        lines[-1] = (*lines[-1], Span("   "), typed(f"hb why {query}"))
    accepted = one.decision.rule.accepts if one.decision.rule and one.decision.word == "expected" else ()
    if accepted:
        lines.append(line(f"{one.decision.rule.id if one.decision.rule else ''} accepts {joined(accepted)} besides"))
    return [Field("hb check", tuple(lines) or (line("nothing to say"),))]


def _steps(decision: Decision, *, every: bool) -> list[Block]:
    held = [step for step in decision.steps if every or step.outcome not in QUIET]
    rest = len(decision.steps) - len(held)
    blocks: list[Block] = [Table(COLUMNS, tuple([_row(step, decision) for step in held]))] if held else []
    if rest:
        about = f"{plural(rest, 'rule')} for other places or machines   "
        blocks.append(Paragraph(line(Span(about, "dim"), typed("--all")), 2))
    return blocks


def _row(step: Step, decision: Decision) -> tuple[Line, ...]:
    rule = step.rule
    decides = rule is decision.rule
    told = step.detail or f"{rule.places}{f' by {rule.by_text}' if rule.by_text else ''}"
    mark = Span("\u2192", "strong", ">") if decides else Span("")
    name = Span(rule.id or "(no id)", "strong" if decides else "")
    return (
        line(mark),
        line(f"{rule.kind} ", name),
        line(Span(rule.where.text, "dim")),
        line(_outcome(step)),
        line(told),
    )


def _unheld(step: Step) -> Step:
    """Of an opening that is not there, who holds it is no evidence that is missing: it is what the rule asks for."""
    wants = {"owner-unseen": step.rule.by_text, "speech-unseen": step.rule.speaks.text if step.rule.speaks else ""}
    wanted = wants.get(step.outcome)
    return replace(step, detail=f"if it is {wanted}") if wanted else step


def _outcome(step: Step) -> Span:
    forbids = step.rule.kind == "forbid"
    if step.outcome == "covers":
        return Span("forbids it" if forbids else "fits", "critical" if forbids else "")
    return Span(OUTCOMES[step.outcome], "dim" if step.outcome in QUIET else "")


def _closed(decision: Decision, *, every: bool) -> list[Block]:
    """What the rules would say."""
    opening = decision.opening
    decision = replace(decision, steps=tuple([_unheld(step) for step in decision.steps]))
    said = {
        "expected": "may be open to everyone",
        "forbidden": "is forbidden",
        "unmatched": "would be drift: no rule is about it",
        "unseen": "may be open, where the right program holds it",
        "widened": "may be open, and not as far as to everyone",
    }.get(decision.word, WORDS[decision.word][1])
    required = any(step.rule.kind == "require" and step.outcome not in QUIET for step in decision.steps)
    words = line(Span(place(opening), "strong"), f" {said}{', and is required' if required else ''}")
    rule = _rule(decision.rule) if decision.rule and decision.word != "unmatched" else []
    return [Blank(), Paragraph(words), *_steps(decision, every=every), *([Fields(tuple(rule))] if rule else [])]

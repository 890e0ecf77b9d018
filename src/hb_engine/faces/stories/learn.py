"""What `hb learn` says: what is known now, what a baseline says of it already, and how to go on."""

from __future__ import annotations

from hb_engine.baseline.learning import STEADY
from hb_engine.faces.document import Blank, Document, Field, Fields, Headline, Paragraph, Span, command, line
from hb_engine.faces.text import joined, plural
from hb_engine.faces.words import ago, duration, gap, moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.changing.learn import Taught, Where
    from hb_engine.baseline.learning import Standing
    from hb_engine.faces.document import Block, Line

FEW = 5  # threads that are named
TIMER = "hb record --timer"


def taught(done: Taught, now: float) -> Document:
    """The page after a look became known."""
    host = done.learned.host
    count = len(done.seen.openings)
    until = f", and what comes until {moment(host.learning_until, now)} will be" if host.learning_until else ""
    blocks: list[Block] = [
        Headline(line(Span(f"{plural(count, 'opening')} of {done.seen.host.name}", "strong"), f" known now{until}."))
    ]
    facts = [Field("known", (line(done.lock), *_changes(done)))]
    if done.made:
        packs = f"its packs: {', '.join(done.packs)}" if done.packs else "no pack fits this machine"
        facts.append(Field("made", (line(f"{done.made}; {packs}"),)))
    facts += _said(done)
    facts += [Field("unseen", tuple([line(gap(one)) for one in done.seen.coverage.gaps[:FEW]]))] * bool(
        done.seen.coverage.gaps
    )
    facts.append(Field("next", tuple(_next(done))))
    return Document((*blocks, Fields(tuple(facts))))


def _changes(done: Taught) -> list[Line]:
    told: list[Line] = []
    if done.learned.other:
        told.append((Span("it held another machine of this name, which is forgotten now", "medium"),))
    for words, threads in (("new since the last time", done.learned.added), ("not there any more", done.learned.gone)):
        if threads and len(threads) != len(done.learned.host.observed):
            more = f" and {len(threads) - FEW} more" if len(threads) > FEW else ""
            told.append(line(f"{words}: {', '.join(threads[:FEW])}{more}"))
    return told


def _said(done: Taught) -> list[Field]:
    """What rules say of what is open, and what the evidence says; nothing where the rules could not be read."""
    if not done.decisions:
        return []
    words = [one.word for one in done.decisions]
    expected, forbidden = words.count("expected"), words.count("forbidden")
    told = [f"{expected} covered by rules"] if expected else []
    told += [f"{forbidden} forbidden"] if forbidden else []
    left = len(words) - expected - forbidden
    told += [f"{left} to be reviewed: debt until then"] if left else []
    odd = [one for one in done.seen.openings if one.verdict and one.verdict.word == "alarm"]
    lines: list[Line] = [line(joined(told))]
    if odd:
        are = "is" if len(odd) == 1 else "are"
        lines.append((Span(f"{plural(len(odd), 'opening')} {are} odd and never quiet: look first", "high"),))
    return [Field("of these", tuple(lines))]


def _next(done: Taught) -> list[Line]:
    if done.learned.host.learning_until is None:
        return [
            line(command("hb review"), "   go through what nobody decided yet"),
            line(command("hb check"), "    what differs from now on"),
        ]
    return [
        line(command(TIMER), "   shows how looks are taken regularly; learning lives on them"),
        line(command("hb learn"), "            how far it has come; then ", command("hb propose")),
    ]


def standing(found: Where, now: float) -> Document:
    """The page of how far learning has come."""
    if found.standing is None:
        told = line(Span(f"{found.host} has not begun to learn.", "strong"), f" The baseline is {found.folder}.")
        return Document((Headline(told), Paragraph(line("next  ", command("hb learn --now")), 1)))
    far = found.standing
    blocks: list[Block] = [
        Headline(line(Span(_headline(found.host, far, now), "strong"))),
        Fields(tuple(_far(far, now))),
    ]
    blocks += [Blank(), Paragraph(line("next  ", *_then(far, now)), 1)]
    return Document(tuple(blocks))


def _headline(host: str, far: Standing, now: float) -> str:
    if far.until is None:
        return f"{host} learned once, {ago(far.learned_at, now)}."
    if far.is_over(now):
        return f"{host} has learned: that ended {ago(far.until, now)}."
    return f"{host} is learning: {duration(far.until - now)} to go."


def _far(far: Standing, now: float) -> list[Field]:
    facts = [Field("since", (line(f"{moment(far.learned_at, now)}, {ago(far.learned_at, now)}"),))]
    if not far.looks:
        none = (Span("none since", "medium"), *line(": nothing is learned between looks. ", command(TIMER)))
        return [*facts, Field("looks", (none,))]
    last = f", the last {ago(far.last_look, now)}" if far.last_look is not None else ""
    facts.append(Field("looks", (line(f"{far.looks}, on {plural(far.days, 'day')}{last}"),)))
    steady = f"{plural(far.distinct, 'opening')}, {far.steady} of them in {STEADY} % of looks or more"
    facts.append(Field("seen", (line(steady),)))
    if far.latest is not None:
        facts.append(Field("latest", (line(f"the last one that was new came {ago(far.latest, now)}"),)))
    return facts


def _then(far: Standing, now: float) -> Line:
    if far.until is not None and not far.is_over(now):
        back = moment(far.until, now)
        return line(f"come back {back}: ", command("hb propose"), ", then ", command("hb review"))
    return line(command("hb propose"), " · ", command("hb review"))

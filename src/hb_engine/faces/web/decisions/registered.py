"""The register of a sight, and its cells in the page's language: approval, review, reach, security, numbers.

The register itself is app/ruling/register.py's; the files that it is written into are faces/export/register's. Here it
is told on a page. It refuses, as they do, to make anything look better than it is.
"""

from __future__ import annotations

from hb_engine.app.hub.sight import Sight
from hb_engine.app.ruling.register import Line, Register, Unapproved, register
from hb_engine.faces.export.registering import HALF_A_YEAR
from hb_engine.faces.web.decisions.telling import day
from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.machines.rows import Shelf
from hb_engine.faces.web.machines.words import KINDS, said
from hb_engine.faces.web.page import Ask
from hb_engine.model.record import record
from hb_engine.wire.dates import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.web.hub import Hub

REACH = {
    "loopback": mark("this machine only"),
    "link": mark("its own link only"),
    "private": mark("private networks"),
    "public": mark("every address"),
}
STATES = {
    "debt": mark("there before the baseline, and not decided since"),
    "drift": mark("against the baseline"),
    "muted": mark("muted by a window"),
    "unseen": mark("could not be judged"),
    "note": mark("noted"),
}
FORMATS = {
    "/register.csv": ("csv", "text/csv"),
    "/register.md": ("markdown", "text/markdown"),
    "/register.json": ("json", "application/json"),
    "/register.html": ("html", "text/html"),
}
_SHELF = Shelf()


@record
class Number:
    """What a person wants to know first: a sentence with its number, and whether it is a complaint."""

    num: int
    label: str
    bad: bool


def registered(hub: Hub, sight: Sight) -> Register | None:
    """The register of what is shown now, made once for a sight; None where nothing is held against rules."""

    def names(transport: str, port: int) -> tuple[str, ...]:
        return tuple([one.name for one in hub.registry.short(transport, port) if one.name])

    def make(shown: Sight) -> Register | None:
        reports = [one.report for one in shown.machines if one.report is not None and not one.remembered]
        if shown.baseline is None or not reports:
            return None
        return register(reports, shown.baseline.baseline, shown.taken_at, names)

    return _SHELF.of(sight, "register", make)


def numbers(language: Language, made: Register) -> list[Number]:
    """The register in short: what is well first, then what asks for a decision."""
    lines, count = made.allowed, language.count
    whole = sum([line.approved for line in lines])
    bare = len(lines) - whole
    late = sum([line.is_overdue for line in lines])
    dayless = sum([line.due is None for line in lines])
    open_ = sum([line.unmitigated for line in lines])
    gaps = sum([len(machine.gaps) for machine in made.machines])
    return [
        Number(whole, count("rule with an owner and a need", "rules with an owner and a need", whole), bad=False),
        Number(bare, count("rule without an owner or a need", "rules without an owner or a need", bare), bad=True),
        Number(
            made.unused,
            count(
                "rule of packs under which nothing is open", "rules of packs under which nothing is open", made.unused
            ),
            bad=False,
        ),
        Number(
            len(made.unapproved),
            count("opening without approval", "openings without approval", len(made.unapproved)),
            bad=True,
        ),
        Number(
            len(made.unjudged),
            count("opening that could not be judged", "openings that could not be judged", len(made.unjudged)),
            bad=True,
        ),
        Number(late, count("review overdue", "reviews overdue", late), bad=True),
        Number(dayless, count("rule without a day of review", "rules without a day of review", dayless), bad=True),
        Number(
            open_,
            count("insecure service that nothing limits", "insecure services that nothing limits", open_),
            bad=True,
        ),
        Number(gaps, count("thing that could not be seen", "things that could not be seen", gaps), bad=True),
    ]


def approval(ask: Ask, line: Line) -> str:
    """Who stands for a line, since when."""
    rule, say = line.rule, ask.language.say
    when = day(ask, rule.accepted) if rule.accepted is not None else say("no date")
    if rule.owner:
        return say("%(day)s, by %(owner)s", day=when, owner=rule.owner)
    if rule.pack:
        return say("%(day)s, by nobody; pack %(pack)s", day=when, pack=rule.pack)
    return say("%(day)s, by nobody", day=when)


def review(ask: Ask, line: Line, now: float) -> str:
    """When a line is to be reviewed, and whether that is late, or too far away to be half-yearly."""
    say = ask.language.say
    if line.due is None:
        return say("no day is set")
    when = day(ask, line.due)
    if line.is_overdue:
        days = max(1, int((now - line.due) // DAY))
        return ask.language.count("%(day)s, overdue by one day", "%(day)s, overdue by %(num)s days", days, day=when)
    if line.due - now > HALF_A_YEAR * DAY:
        return say("%(day)s, later than six months from now", day=when)
    return when


def reach(ask: Ask, line: Line) -> str:
    """How far it may reach, and who may come."""
    far = said(ask.language, REACH, line.reach)
    sources = [source for source in line.rule.sources if source != "any"]
    if not sources:
        return far
    return ask.language.say("%(reach)s; from %(sources)s", reach=far, sources=", ".join(sources))


def forbidden(ask: Ask, line: Line) -> str:
    """From where on a place is forbidden."""
    if line.reach == "loopback":
        return ask.language.say("anywhere")
    return ask.language.say("%(reach)s and wider", reach=said(ask.language, REACH, line.reach))


def status(ask: Ask, one: Unapproved) -> str:
    """Why something open is not approved, in a phrase."""
    kind = said(ask.language, KINDS, one.verdict.kind)
    if one.verdict.state not in STATES:
        return kind
    return ask.language.say("%(kind)s (%(state)s)", kind=kind, state=said(ask.language, STATES, one.verdict.state))

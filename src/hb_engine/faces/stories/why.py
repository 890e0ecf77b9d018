"""The story of a port or a process: each opening told, or that nothing is open there, as far as was asked.

Closed is a claim. It is made only of what was asked: the sources are named, every gap stands beside it, and the ways in
that have no socket (forwards, redirects) are mentioned as what to check next, unless the rules were looked at.
"""

from __future__ import annotations

from hb_engine.faces.document import Blank, Document, Field, Fields, Headline, Span, command, line
from hb_engine.faces.stories import opening as told
from hb_engine.faces.stories import registry
from hb_engine.faces.stories.coverage import asked, unseen
from hb_engine.faces.stories.order import by_weight
from hb_engine.faces.text import plural, shell_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.app.looking.why import Story
    from hb_engine.faces.document import Block, Line

RULES = "nf_tables"  # the source that shows what a firewall's rules lead elsewhere
MOST = 12  # openings told whole on one page


def tell(story: Story, now: float) -> Document:
    """The page; `now` is seconds since the epoch."""
    if not story.openings:
        return Document(tuple(_closed(story)))
    blocks: list[Block] = []
    spoken = story.spoken or {}
    for opening in sorted(story.openings, key=by_weight)[:MOST]:
        blocks += [
            *([Blank()] if blocks else []),
            *told.tell(opening, story.page, story.details.get(opening.key, {}), now, spoken.get(opening.key)),
        ]
    rest = [field for field in (_more(story), unseen(story.coverage)) if field]
    return Document((*blocks, *((Blank(), Fields(tuple(rest))) if rest else ())))


def _more(story: Story) -> Field | None:
    left = len(story.openings) - MOST
    return Field("more", (line(f"{plural(left, 'opening')} like these   ", command("hb ls")),)) if left > 0 else None


def _closed(story: Story) -> list[Block]:
    partly = bool(story.coverage.gaps)
    place = _place(story)
    verdict = "nothing seen open, but not all could be asked." if partly else "closed, as far as was asked."
    head = Headline(line(Span(place, "strong"), ": ", Span(verdict, "medium" if partly else "none")))
    fields = [asked(story.coverage), unseen(story.coverage), *_registered(story), Field("do", tuple(_check(story)))]
    return [head, Fields(tuple([field for field in fields if field]))]


def _place(story: Story) -> str:
    if story.port is None:
        return story.query
    return f"{story.transport or 'port'} {story.port}"


def _registered(story: Story) -> list[Field | None]:
    if story.page is None:
        return []
    return [
        Field("meant", (registry.meant(story.page, story.transport),)),
        registry.threats(story.page.threats, story.transport),
        registry.near(story.page),
    ]


def _check(story: Story) -> list[Line]:
    """What could still answer there, and how to ask: numbered, never nothing."""
    steps = [("see what the port is for", f"hb port {story.port}")]
    if RULES not in story.coverage.sources:
        steps.append(("forwards and redirects have no socket", _rules(story)))
    if story.port is None:
        steps = [("see everything that is open", "hb ls --all --wide")]
    if not story.coverage.privileged:
        steps.insert(0, ("ask again with the rights to see all", f"sudo hb why {_typed(story)}"))
    edge = max([len(what) for what, _ in steps]) + 2
    return [
        line(Span(f"{number}  ", "number"), f"{what:<{edge}}", command(typed))
        for number, (what, typed) in enumerate(steps, 1)
    ]


def _rules(story: Story) -> str:
    return f"nft list ruleset | grep -nw {story.port}"


def _typed(story: Story) -> str:
    return shell_word(story.query) or "PORT"

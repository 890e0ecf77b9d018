"""One opening: who, what runs, how it came to be, how far it reaches, what is odd about it, and what to do now.

Of this machine the story is told anew, by the process with rights; of a machine in a file, what the file tells. An
opening that is not there any more is told by history, and never called closed by a look that could not have shown it.
"""

from __future__ import annotations

from hb_engine.app.looking.port import page_of
from hb_engine.faces.stories import steps
from hb_engine.faces.stories.answers import product, remarks, service
from hb_engine.faces.text import clip
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.machines import fresh, outside, rows, story, timeline
from hb_engine.faces.web.machines.past import PASTS, of_key
from hb_engine.faces.web.machines.words import KINDS, SEVERITIES, said
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown
from hb_engine.faces.web.pages.machine import found as machine_of
from hb_engine.faces.web.pages.machine import helpers, sides_of, strip_words
from hb_engine.faces.web.ports.words import CONFIDENCE, THREATS
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.faces.web.machines.past import Asked
    from hb_engine.model.answer import Answer as Spoken
    from hb_engine.model.assignment import Assignment, PortPage
    from hb_engine.model.opening import Opening

PAGE = Page("/machines/{name:str}/openings/{key:str}")
STORIES = fresh.Stories()
LONGEST = 1000  # columns of a sentence: strangers' words may have thousands
STEPS = {
    "keep the evidence": mark("keep the evidence"),
    "cut it off": mark("cut it off"),
    "take that back": mark("take that back"),
    "find the way in": mark("find the way in"),
    "see how it is set up": mark("see how it is set up"),
}


async def show(ask: Ask) -> Answer:
    """The page. Raises NotThere for what neither the last look nor history has."""
    machine = machine_of(ask)
    alike = machine.by_hash.get(ask.params["key"], ())
    if not alike:
        return await gone(ask, machine)
    which = ask.query.get("n", "")
    row = alike[min(int(which), len(alike)) - 1 if which.isascii() and which.isdigit() and int(which) > 0 else 0]
    told = fresh.Fresh()
    if not machine.machine.source:
        told = await STORIES.of(ask.hub, row.opening, speak=ask.query.get("speak") == "1")
    past = await PASTS.of(ask.hub, machine.machine.seen.host.name)
    more = {"alike": alike, "which": alike.index(row) + 1, **ninety_days(ask, past, row.key)}
    return Shown("opening.html", values(ask, machine, row, told) | more)


async def gone(ask: Ask, machine: rows.Rows) -> Answer:
    """The page of what is not open now and once was, as history knows it. Raises NotThere for what it does not know."""
    asked = await PASTS.of(ask.hub, machine.machine.seen.host.name)
    keys = asked.past.keys if asked.past else ()
    known = next((one for one in keys if ask.params["key"] in map(addresses.short, (one.key, *one.aliases))), None)
    if known is None:
        raise NotThere(
            ask.language.say("This opening is not among those that the last look showed."),
            ask.language.say("The machine's page has what is open, and its changes what was."),
        )
    title = f"{known.transport} {known.port if known.port is not None else ''}".strip()
    told = {**ninety_days(ask, asked, known.key), **helpers(ask)}
    blind = bool(machine.machine.seen.coverage.gaps) or not machine.machine.seen.coverage.privileged
    return Shown("opening_gone.html", {**told, "machine": machine.machine, "title": title, "blind": blind})


def ninety_days(ask: Ask, asked: Asked, key: str) -> dict[str, object]:
    """The strip of an opening; none where no look that is kept has shown it."""
    known = asked.past.of(key) if asked.past else None
    if asked.past is None or known is None:
        return {"asked": asked, "known": None}
    drawn = timeline.of_key(asked.past, known, of_key(asked.past, known))
    return {"asked": asked, "known": known, "strip": drawn, "strip_words": strip_words(ask, drawn)}


def values(ask: Ask, machine: rows.Rows, row: rows.Row, told: fresh.Fresh) -> dict[str, object]:
    """What the template shows."""
    opening, details, spoken = newest(row.opening, told)
    page = port_page(ask, opening)
    language = ask.language
    return {
        **helpers(ask),
        "cut": lambda text: clip(text, LONGEST),
        "machine": machine.machine,
        "coverage": machine.machine.seen.coverage,
        "row": replace(row, opening=opening),
        "opening": opening,
        "title": story.title(opening),
        "facts": story.facts(language, opening, details),
        "chain": story.chain(language, opening),
        "unit_file": details.get("unit file", ""),
        "since": story.since(opening),
        "page": page,
        "named": [one for one in page.assignments if _names(one, opening)] if page else [],
        "listed": [one for one in page.threats if one.transport == opening.transport] if page else [],
        "reasons": opening.verdict.reasons if opening.verdict else (),
        "severity": lambda word: said(language, SEVERITIES, word),
        "kind": lambda word: said(language, KINDS, word),
        "threat_kind": lambda word: said(language, THREATS, word),
        "certainty": lambda word: said(language, CONFIDENCE, word),
        "steps": [(step_words(ask.language, one.what), one.command) for one in steps.steps(opening)],
        "sides": outside.of_port(sides_of(ask, machine), opening.transport, opening.port),
        "side_word": lambda name: said(language, outside.SAID, name),
        "spoken": spoken,
        "says": (service(spoken), product(spoken), tuple(remarks(spoken, ask.now))) if spoken else None,
        "fresh": told,
        "here": ask.url(addresses.opening_of(machine.machine.name, row.opening)),
        "may_speak": not machine.machine.source and spoken is None and opening.transport in ("tcp", "udp"),
    }


def newest(opening: Opening, told: fresh.Fresh) -> tuple[Opening, dict[str, str], Spoken | None]:
    """The opening as it was told anew, with what evidence says and what it spoke; as it was, where it was not."""
    if told.story is None or not told.story.openings:
        return opening, {}, None
    found = next((one for one in told.story.openings if one.inodes == opening.inodes), told.story.openings[0])
    return found, told.story.details.get(found.key, {}), (told.story.spoken or {}).get(found.key)


def port_page(ask: Ask, opening: Opening) -> PortPage | None:
    """What the registries say of its port; None where its number means nothing."""
    if opening.port is None or opening.ephemeral:
        return None
    return page_of(opening.port, ask.hub.registry, ask.hub.threats)


def step_words(language: Language, what: str) -> tuple[str, bool]:
    """A step in the page's language, and whether it is: a rule's own advice stays English."""
    return (language.say(STEPS[what]), True) if what in STEPS else (what, False)


def _names(assignment: Assignment, opening: Opening) -> bool:
    return assignment.transport in (None, opening.transport) and bool(assignment.name)

"""One machine: what is open there, filtered and sorted as the address asks; what was not seen; what it is.

Its views are its openings, their last ninety days, both sides of its ports where somebody asked from outside, and what
the machine is. A page has two hundred rows: a machine with sixty thousand openings has many pages, and no long one.
"""

from __future__ import annotations

from hb_engine.faces.text import clip
from hb_engine.faces.web import addresses
from hb_engine.faces.web.language import mark
from hb_engine.faces.web.machines import finding, headline, outside, rows, timeline
from hb_engine.faces.web.machines import words as told
from hb_engine.faces.web.machines.past import PASTS, of_key
from hb_engine.faces.web.machines.who import home_of, who
from hb_engine.faces.web.page import Answer, Ask, NotThere, Page, Shown

PAGE = Page("/machines/{name:str}")


STRIPS = 40  # on a page
SIDES = rows.Shelf()  # of a look: a scan is the older the later somebody looks
LONGEST = 200  # columns of a sentence in a table; the opening's own page has all of it
VIEWS = (
    ("", mark("Openings")),
    ("past", mark("Ninety days")),
    ("outside", mark("Inside and outside")),
    ("host", mark("What it is")),
)
COLUMNS = (
    ("worst", mark("State")),
    ("port", mark("Port")),
    ("reach", mark("Open to")),
    ("who", mark("Who")),
    ("", mark("Unit, container, package")),
    ("", mark("Registered")),
    ("", mark("Rule")),
)


async def show(ask: Ask) -> Answer:
    """The page. Raises NotThere for a machine that is not in sight."""
    machine = found(ask)
    view = ask.query.get("view", "")
    view = view if view in dict(VIEWS) else ""
    want = finding.wanted(ask.query)
    path = ask.url(addresses.machine(machine.machine.name))
    part = finding.find(machine, want)
    return Shown(
        "machine.html",
        {
            "rows": machine,
            "host": machine.machine.seen.host,
            "coverage": machine.machine.seen.coverage,
            "numbers": machine.numbers,
            "want": want,
            "found": part,
            "path": path,
            "here": want.url(path),
            "view": view,
            "views": [(key, ask.language.say(text)) for key, text in VIEWS],
            "columns": [(key, ask.language.say(text)) for key, text in COLUMNS],
            "transports": sorted({row.opening.transport for row in machine.all}),
            **helpers(ask),
            **(both_sides(ask, machine) if view == "outside" else {}),
            **(await ninety_days(ask, machine) if view == "past" else {}),
        },
    )


def found(ask: Ask) -> rows.Rows:
    """The machine of an address. Raises NotThere."""
    machine = rows.find(ask.sight, ask.params["name"])
    if machine is None:
        say = ask.language.say
        raise NotThere(say("There is no such machine here."), say("Machines has all that are in sight."))
    return machine


def helpers(ask: Ask) -> dict[str, object]:
    """What the tables of openings say in the page's language."""
    language = ask.language
    return {
        "who": lambda opening: who(language, opening),
        "scope": lambda word: told.said(language, told.SCOPES, word),
        "home_of": home_of,
        "cut": lambda text: clip(text, LONGEST),
        "word": lambda row: word(ask, row),
        "state": lambda word: told.said(language, told.STATES, word),
        "states": [(name, told.said(language, told.STATES, name)) for name in finding.STATES if name != "odd"],
        "scopes": [(name, told.said(language, told.SCOPES, name)) for name in headline.SCOPES],
    }


def word(ask: Ask, row: rows.Row) -> str:
    """The word beside a row's mark: what drift calls it, else how odd it is, else how it stands to the baseline."""
    language = ask.language
    if row.state == "drift" and row.verdict:
        return told.said(language, told.KINDS, row.verdict.kind)
    if row.mark in ("alarm", "look"):
        return told.said(language, told.MARKS, row.mark)
    if row.state:
        return told.said(language, told.STATES, row.state)
    return told.said(language, told.MARKS, row.mark)


def both_sides(ask: Ask, machine: rows.Rows) -> dict[str, object]:
    """What the view of inside and outside shows."""
    both = sides_of(ask, machine)
    part, page, pages = finding.paged(both.sides, finding.page_of(ask.query), finding.PAGE)
    return {
        "both": both,
        "sides": part,
        "page": page,
        "pages": pages,
        "side_word": lambda name: told.said(ask.language, outside.SAID, name),
        "state_word": lambda name: told.said(ask.language, told.ANSWERED, name),
    }


def sides_of(ask: Ask, machine: rows.Rows) -> outside.Both:
    """Both sides of a machine, compared once for each sight."""
    name = f"outside {addresses.segment(machine.machine.name)}"
    return SIDES.of(ask.sight, name, lambda _: outside.both(machine, ask.now))


async def ninety_days(ask: Ask, machine: rows.Rows) -> dict[str, object]:
    """What the view of the last ninety days shows: the machine's strip, and those of its openings."""
    asked = await PASTS.of(ask.hub, machine.machine.seen.host.name)
    if asked.past is None:
        return {"asked": asked}
    past, known = asked.past, {row.key: row.opening for row in machine.all}
    part, page, pages = finding.paged(past.keys, finding.page_of(ask.query), STRIPS)
    drawn = [(one, known.get(one.key), timeline.of_key(past, one, of_key(past, one))) for one in part]
    whole = timeline.of_machine(past)
    return {
        "asked": asked,
        "strip": whole,
        "strip_words": machine_words(ask, whole),
        "strips": [(one, opening, its, strip_words(ask, its)) for one, opening, its in drawn],
        "page": page,
        "pages": pages,
    }


def strip_words(ask: Ask, strip: timeline.Strip) -> str:
    """A strip in a sentence."""
    counts, language = strip.counts, ask.language
    return language.say(
        "Open on %(open)s of 90 days, closed on %(closed)s; on %(unseen)s nobody looked, or could have seen it.",
        open=language.number(counts["open"]),
        closed=language.number(counts["closed"]),
        unseen=language.number(counts["unseen"]),
    )


def machine_words(ask: Ask, strip: timeline.Strip) -> str:
    """A machine's strip in a sentence."""
    counts, language = strip.counts, ask.language
    return language.say(
        "Somebody looked on %(looked)s of 90 days; on %(changed)s of them something had changed.",
        looked=language.number(counts["closed"]),
        changed=language.number(len(strip.ticks)),
    )

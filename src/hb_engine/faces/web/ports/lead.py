"""The first words of a port's page: its name, and in one to three sentences what it is and what is there now.

The worst and the local first is for the page; the first line says what the number is. Every sentence is whole, so that
each language may order its own words.
"""

from __future__ import annotations

from hb_engine.faces.web.language import Language, mark
from hb_engine.faces.web.machines.rows import Row
from hb_engine.faces.web.ports import words
from hb_engine.faces.web.ports.facts import Facts
from hb_engine.faces.web.ports.standing import Stand

MOST = 3  # names in the first sentence
NONE = {
    "reserved": mark("IANA keeps it back: it is reserved, and nobody may register it."),
    "unassigned": mark("Nobody has registered it."),
    "dynamic": mark("Nothing is ever registered here: it is for outgoing connections and private use."),
    "deassigned": mark("It was registered once, and the registration has ended."),
    "": mark("The registry's data has no row for it."),
}
ZERO = mark("Nothing can listen on port 0: who asks for it is given another port by the system.")
COVERED = mark("The baseline allows what is open there.")
UNJUDGED = mark("There is no baseline to hold it against.")
UNRULED = mark("No rule of the baseline is about it.")
DEBT = mark("It was there before anybody decided, and has not been reviewed.")
BLIND = mark("Whether it fits the baseline could not be checked.")


def title(facts: Facts) -> str:
    """The names of a port, the best first; empty where there is none."""
    return ", ".join(facts.names[:MOST])


def sentences(facts: Facts, stands: tuple[Stand, ...], spoken: Language) -> tuple[str, ...]:
    """What it is registered for, where it is open, and what the baseline says of that."""
    first = spoken.say(ZERO) if facts.port == 0 else registration(facts, spoken)
    return (first, *(() if facts.port == 0 else here(stands, spoken)))


def registration(facts: Facts, spoken: Language) -> str:
    """What is registered, in a sentence."""
    if facts.names:
        names = [*facts.names[:MOST]]
        transports = [name for name in facts.transports if facts.named(name)]
        both = {facts.named(name) for name in transports}
        if len(both) > 1 and len(names) > 1:
            each = [f"{', '.join(facts.named(name))} ({name})" for name in transports]
            return spoken.say("Registered as %(names)s.", names=spoken.listed(each))
        return spoken.say(
            "Registered as %(names)s for %(transports)s.",
            names=spoken.listed(names),
            transports=spoken.listed(transports),
        )
    lost = next((row for row in facts.rows if row.status == "deassigned" and row.name), None)
    if lost is not None:
        return spoken.say("It was registered as %(name)s, and the registration has ended.", name=lost.name)
    older = next((row for row in facts.rows if row.status == "unconfirmed" and row.name), None)
    if older is not None:
        return spoken.say(
            "An older copy of the registry has %(name)s here, and the newer one does not.", name=older.name
        )
    wide = next((row for row in facts.rows if row.status == "unassigned" and row.name), None)
    if wide is not None:
        return spoken.say("Nobody has registered it; it is widely used as %(name)s.", name=wide.name)
    statuses = [row.status for row in facts.rows]
    found = next((status for status in NONE if status in statuses), "")
    return spoken.say(NONE[found])


def here(stands: tuple[Stand, ...], spoken: Language) -> tuple[str, ...]:
    """Where it is open now, and how that stands to the baseline; or that it is closed, as far as was seen."""
    if not stands:
        return (spoken.say("Nobody has looked at a machine yet."),)
    opened = [stand for stand in stands if stand.opened]
    missing = [stand for stand in stands if stand.missing]
    told = [_opened(opened, len(stands), spoken), judged(opened, spoken)] if opened else [_shut(stands, spoken)]
    if missing:
        told.append(
            spoken.count(
                "A rule requires it on one machine where it was not seen.",
                "Rules require it on %(num)s machines where it was not seen.",
                len(missing),
            )
        )
    return tuple(told)


def judged(opened: list[Stand], spoken: Language) -> str:
    """What the baseline says of the worst opening."""
    rows = [row for stand in opened for row in stand.rows]
    drifts = [row for row in rows if row.state == "drift" and row.verdict is not None]
    if drifts:
        return words.said(words.VERDICTS, _kind(drifts[0]), spoken)
    states = {row.state for row in rows}
    for state, message in (("unseen", BLIND), ("debt", DEBT), ("note", UNRULED), ("", UNJUDGED)):
        if state in states:
            return spoken.say(message)
    return spoken.say(COVERED)


def _kind(row: Row) -> str:
    return row.verdict.kind if row.verdict else ""


def _opened(opened: list[Stand], among: int, spoken: Language) -> str:
    if len(opened) == 1:
        name = opened[0].machine.name
        if among == 1:
            return spoken.say("Open on %(machine)s.", machine=name)
        return spoken.say("Open on %(machine)s, one of %(all)s machines.", machine=name, all=spoken.number(among))
    return spoken.say(
        "Open on %(some)s of %(all)s machines.", some=spoken.number(len(opened)), all=spoken.number(among)
    )


def _shut(stands: tuple[Stand, ...], spoken: Language) -> str:
    unsure = [stand for stand in stands if not stand.closed]
    if unsure:
        return spoken.say("Not seen to be open, but not everything could be looked at.")
    if len(stands) == 1:
        return spoken.say("Closed on %(machine)s.", machine=stands[0].machine.name)
    return spoken.count(
        "Closed on the one machine that was looked at.", "Closed on %(num)s of %(num)s machines.", len(stands)
    )

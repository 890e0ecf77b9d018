"""Who holds an opening, in a few words of the page's language: stories/owners.py says the same in a terminal.

A name that a process gave itself stands in quotes. Names are strangers' text and are not translated.
"""

from __future__ import annotations

from hb_engine.faces.stories.owners import (
    chosen_name,
    container_name,
    container_of,
    kin,
    leads,
    process_name,
    unit_name,
    unit_of,
)
from hb_engine.faces.text import clip, quoted
from hb_engine.faces.web.language import Language
from hb_engine.faces.web.machines.words import UNOWNED, said
from hb_engine.model.opening import Opening
from hb_engine.model.owner import Owner

LONGEST = 80  # columns of a cell; the opening's own page has all of it


def named(owner: Owner) -> str:
    """A process's name, quoted where it chose it itself."""
    name = process_name(owner)
    return quoted(name) if " " in name or (chosen_name(owner) and not owner.script) else name


def who(language: Language, opening: Opening) -> str:
    """The unit, the container or the process; else why nobody is named."""
    return clip(_who(language, opening), LONGEST)


def _who(language: Language, opening: Opening) -> str:
    if not opening.owners:
        nobody, goal = _nobody(language, opening), leads(opening)
        return language.say("%(who)s, leads to %(goal)s", who=nobody, goal=goal) if goal else nobody
    first = opening.owners[0]
    others = len({process_name(owner) for owner in opening.owners} - {process_name(first)})
    told = _first(language, first, opening)
    return f"{told} +{language.number(others)}" if others else told


def _first(language: Language, owner: Owner, opening: Opening) -> str:
    box, unit, name = container_of(opening), unit_of(opening), named(owner)
    if box:
        return language.say("%(process)s in %(place)s", process=name, place=container_name(box))
    if unit and not unit.endswith(".scope"):
        if kin(unit, owner):
            return unit_name(unit)
        return language.say("%(process)s in %(place)s", process=name, place=unit_name(unit))
    return f"{name} ({owner.pid})"


def _nobody(language: Language, opening: Opening) -> str:
    box, unit = container_of(opening), unit_of(opening)
    if box or unit:
        return container_name(box) if box else unit_name(unit or "")
    if opening.unowned is None:
        return language.say("nobody is named")
    if opening.unowned.reason == "kernel" and opening.unowned.detail:
        return language.say("the kernel: %(detail)s", detail=opening.unowned.detail)
    return said(language, UNOWNED, opening.unowned.reason)


def home_of(opening: Opening) -> str:
    """Where it comes from: container, unit and package, as far as they are known; a dash where none is."""
    box, unit = container_of(opening), unit_of(opening)
    package = opening.owners[0].package if opening.owners else None
    told = [container_name(box) if box else "", unit_name(unit) if unit and not box else ""]
    told += [f"{package.name} {package.version}".strip() if package else ""]
    return clip(", ".join([each for each in told if each]), LONGEST) or "\u2013"

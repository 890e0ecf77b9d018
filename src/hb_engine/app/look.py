"""`hb ls`, and everything else that looks at this machine: collect, add what is registered, judge."""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.collect import collect
from hb_engine.judge import rules
from hb_engine.judge.judgement import judge_inventory
from hb_engine.judge.kit import load
from hb_engine.model.record import replace
from hb_engine.registry.assignments import Registry
from hb_engine.registry.threats import Threats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening


def look(ports: frozenset[int] | None = None, *, fresh: bool = False) -> Inventory:
    """This machine's openings, each with what is registered for its port and what the rules say of it.

    With `ports`, only openings on these are looked for. `fresh` trusts no remembered digest. Raises CannotLook.
    """
    return judged(collect(ports, fresh=fresh))


def judged(seen: Inventory) -> Inventory:
    """An inventory with registered names and verdicts."""
    if not seen.openings:
        return seen
    registry, threats = Registry.open(folders.data()), Threats.open()
    named = replace(seen, openings=tuple([_named(opening, registry) for opening in seen.openings]))
    asked = judge_inventory(named, load(rule_names()), lambda transport, port: threats.threats(port, transport))
    return replace(named, openings=asked)


def rule_names() -> list[str]:
    """The rules there are: the files of judge/rules."""
    found: list[str] = []
    for folder in rules.__path__:
        try:
            found += [name[:-3] for name in os.listdir(folder) if name.endswith(".py") and not name.startswith("_")]
        except NotADirectoryError:  # inside a zip archive
            found += _zipped(folder)
    return found


def _zipped(folder: str) -> list[str]:
    from zipfile import ZipFile  # hb.pyz

    archive, _, inside = folder.partition(".pyz" + os.sep)
    with ZipFile(archive + ".pyz") as file:
        names = [name.rpartition("/") for name in file.namelist()]
    return [name[:-3] for at, _, name in names if at == inside and name.endswith(".py") and not name.startswith("_")]


def _named(opening: Opening, registry: Registry) -> Opening:
    if opening.port is None:
        return opening
    found = registry.short(opening.transport, opening.port)
    return replace(opening, registered=found) if found else opening

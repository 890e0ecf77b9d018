"""`hb ls`, and everything else that looks at this machine: collect, add what is registered, judge."""

from __future__ import annotations

import os

from hb_engine.app import folders
from hb_engine.app.looking.collect import collect
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hb_engine.app.remembering.history import Known
    from hb_engine.judge.kit import Loaded
    from hb_engine.model.answer import Answer
    from hb_engine.model.assignment import Threat
    from hb_engine.model.inventory import Inventory
    from hb_engine.model.opening import Opening

SPOKEN, REMEMBERED = "spoken", "remembered"  # folders of rules about what an opening said, and when it was first seen


def look(ports: frozenset[int] | None = None, *, fresh: bool = False, hidden: bool = False) -> Inventory:
    """This machine's openings, each with what is registered for its port and what the rules say of it.

    With `ports`, only openings on these are looked for. `fresh` trusts no remembered digest; `hidden` tries ports
    that no list shows. Raises CannotLook.
    """
    return Bench().judged(collect(ports, fresh=fresh, hidden=hidden))


class Bench:
    """The registry, the threat lists and the rules, ready to judge inventories."""

    def __init__(self) -> None:
        from hb_engine.judge.judgement import judge_inventory
        from hb_engine.judge.kit import load
        from hb_engine.registry.assignments import Registry
        from hb_engine.registry.threats import Threats

        self._registry, self._threats = Registry.open(folders.data()), Threats.open()
        self._load, self._judge = load, judge_inventory
        self._rules: dict[str, tuple[Loaded, ...]] = {}

    def judged(
        self, seen: Inventory, answers: Mapping[str, Answer] | None = None, known: Known | None = None
    ) -> Inventory:
        """An inventory with registered names and verdicts.

        `answers` is what openings said, by key, and `known` what history knows of their keys; rules that need either
        are not even loaded without.
        """
        named = replace(seen, openings=tuple([self._named(opening) for opening in seen.openings]))
        needed = ["", *([SPOKEN] if answers else ()), *([REMEMBERED] if known and known.first_seen else ())]
        judged = self._judge(
            named,
            tuple([rule for folder in needed for rule in self._of(folder)]),
            self._listed,
            answers=answers,
            first_seen=known.first_seen if known else None,
            looking_since=known.since if known else None,
        )
        return replace(named, openings=judged)

    def _of(self, folder: str) -> tuple[Loaded, ...]:
        if folder not in self._rules:
            self._rules[folder] = self._load(rule_names(folder))
        return self._rules[folder]

    def _named(self, opening: Opening) -> Opening:
        found = self._registry.short(opening.transport, opening.port) if opening.port is not None else ()
        return replace(opening, registered=found) if found else opening

    def _listed(self, transport: str, port: int) -> tuple[Threat, ...]:
        return self._threats.threats(port, transport)


def rule_names(*some: str) -> list[str]:
    """The rules there are, or those of some folders of judge/rules; "" is the one that every look is judged by."""
    wanted = some or ("", SPOKEN, REMEMBERED)
    return [f"{folder}.{name}" if folder else name for folder in wanted for name in _files(folder)]


def _files(inside: str) -> list[str]:
    from hb_engine.judge import rules

    found: list[str] = []
    for top in rules.__path__:
        folder = os.path.join(top, inside) if inside else top
        try:
            names = os.listdir(folder)
        except NotADirectoryError:  # inside a zip archive
            names = _zipped(folder)
        found += [name[:-3] for name in names if name.endswith(".py") and not name.startswith("_")]
    return found


def _zipped(folder: str) -> list[str]:
    from zipfile import ZipFile  # hb.pyz

    archive, _, inside = folder.partition(".pyz" + os.sep)
    with ZipFile(archive + ".pyz") as file:
        names = [name.rpartition("/") for name in file.namelist()]
    return [name for at, _, name in names if at == inside]

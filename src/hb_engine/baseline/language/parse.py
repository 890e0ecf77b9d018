"""Files of hb.d into a Baseline, and everything that is wrong with them, each with its place.

All problems are gathered and sorted, so that a person corrects a folder in one go; a rule with an error is left out.
Texts, packs, names of services and zones, and the time are passed in. It refuses to raise, to read files (app/), and to
hold openings against rules (decide.py).
"""

from __future__ import annotations

from hb_engine.baseline.language import formats as files
from hb_engine.baseline.language import ids, names, shape
from hb_engine.baseline.language.builder import Builder, World
from hb_engine.baseline.language.problems import Problems, in_order
from hb_engine.model.baseline import Baseline, Defaults, Problem
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from hb_engine.baseline.language.formats import File
    from hb_engine.baseline.language.nodes import Node
    from hb_engine.baseline.language.schema import Table
    from hb_engine.model.baseline import Role, Rule, Window

    Pack = Callable[[str], "str | None"]

RULES = ("require", "allow", "forbid")


@record
class Parsed:
    """A baseline, and what is wrong with the files that it was read from, in the order of their places."""

    baseline: Baseline
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something out of the baseline."""
        return tuple([problem for problem in self.problems if problem.level == "error"])


def read(
    texts: Sequence[tuple[str, str]],
    pack: Pack = lambda _: None,
    *,
    packs: Sequence[str] = (),
    known_packs: Sequence[str] = (),
    world: World | None = None,
) -> Parsed:
    """The baseline of some files, (name, text) each, in their order. Never raises.

    `pack` gives a pack's text by its name, or None; `packs` are wanted besides those that the files name, and
    `known_packs` are those that there are, for messages.
    """
    reading = _Reading(pack, tuple(known_packs), world or World())
    opened = [files.opened(name, text) for name, text in texts]
    reading.take(opened)
    reading.take_packs(tuple(packs))
    return reading.parsed(tuple([name for name, _ in texts]))


class _Reading:
    def __init__(self, pack: Pack, known_packs: tuple[str, ...], world: World) -> None:
        self._pack, self._known_packs, self._world = pack, known_packs, world
        self._found: list[Problem] = []  # of packs
        self._gathered: list[Problems] = []  # of files
        self._defaults = Defaults()
        self._set: dict[str, Problem] = {}
        self._rules: list[Rule] = []
        self._roles: list[Role] = []
        self._windows: list[Window] = []
        self._builders: list[Builder] = []
        self._whole = True  # no file has a syntax error, behind which names could be hidden

    def take(self, opened: Sequence[File]) -> None:
        """Everything of the folder's files: defaults first, since rules are read by them."""
        shaped: list[tuple[Problems, list[tuple[Table, Node]]]] = []
        for file in opened:
            problems = Problems(file.source)
            for mistake in file.mistakes:
                problems.error(mistake.at, mistake.message, mistake.remedy, mistake.code)
            found = list(shape.tables(file.root, problems)) if file.root else []
            self._whole = self._whole and not file.mistakes
            shaped.append((problems, found))
        for problems, found in shaped:
            for table, node in found:
                if table.name == "defaults":
                    self._take_defaults(node, problems)
        for problems, found in shaped:
            builder = Builder(problems, self._world, self._defaults)
            for table, node in found:
                self._take(table, node, builder)
            self._builders.append(builder)
            self._gathered.append(problems)

    def take_packs(self, wanted: tuple[str, ...]) -> None:
        """The rules of the packs that are named: for every machine, or once for each role that names them."""
        everywhere = dict.fromkeys((*wanted, *self._defaults.packs))
        read = {
            name: self._read_pack(name) for name in {**everywhere, **{p: None for r in self._roles for p in r.packs}}
        }
        for name in everywhere:
            self._rules += [replace(rule, id=f"{name}/{rule.id}") for rule in read[name]]
        for role in names.merged(self._roles):
            for name in role.packs:
                if name not in everywhere:
                    self._rules += [
                        replace(rule, id=f"{name}/{rule.id}@{role.name}", role=role.name) for rule in read[name]
                    ]

    def parsed(self, named: tuple[str, ...]) -> Parsed:
        """Everything together, held against one another."""
        rules, found = ids.given(self._rules)
        roles = names.merged(self._roles)
        found += names.circles(roles)
        self._check_names(rules)
        found += [problem for problems in self._gathered for problem in problems.found]
        baseline = Baseline(tuple(rules), tuple(roles), tuple(self._windows), self._defaults, named)
        return Parsed(baseline, in_order([*self._found, *found], named))

    def _check_names(self, rules: Sequence[Rule]) -> None:
        """Names that lead nowhere; where a file is broken, only packs, since what is named may stand behind that."""
        references = [each for builder in self._builders for each in builder.references]
        declared = {pair: None for builder in self._builders for pair in sorted(builder.declared)}
        roles = [name for sort, name in declared if sort == "role"]
        known_rules = dict.fromkeys(
            [*[rule.id for rule in rules], *[name for sort, name in declared if sort == "rule"]]
        )
        packs = {each.name for each in references if each.sort == "pack" and self._pack(each.name) is not None}
        known = {"role": roles, "rule": list(known_rules), "pack": [*self._known_packs, *sorted(packs)]}
        names.check([each for each in references if self._whole or each.sort == "pack"], known)

    def _take(self, table: Table, node: Node, builder: Builder) -> None:
        if table.name in RULES:
            rule = builder.rule(table.name, node)
            if rule:
                self._rules.append(rule)
        elif table.name == "role":
            role = builder.role(node)
            if role:
                self._roles.append(role)
        elif table.name == "window":
            window = builder.window(node)
            if window:
                self._windows.append(window)

    def _take_defaults(self, node: Node, problems: Problems) -> None:
        builder = Builder(problems, self._world, self._defaults)
        given: dict[str, Any] = builder.defaults(node)
        self._builders.append(builder)
        for name in list(given):
            at = node.value[name].key_at
            here = Problem(problems.source.where(at), "")
            if name in self._set:
                told = f"{name} was set before, at {self._set[name].where.text}"
                problems.error(at, told, "Leave one of them out: each stands once in the whole folder.", "twice")
                del given[name]
            else:
                self._set[name] = here
        self._defaults = replace(self._defaults, **given)

    def _read_pack(self, name: str) -> list[Rule]:
        text = self._pack(name)
        if text is None:
            return []
        file = files.opened(f"pack:{name}.toml", text)
        problems = Problems(file.source)
        for mistake in file.mistakes:
            problems.error(mistake.at, mistake.message, mistake.remedy, mistake.code)
        builder = Builder(problems, self._world, replace(self._defaults, review=None), name)
        found = []
        for table, node in shape.tables(file.root, problems) if file.root else ():
            if table.name not in RULES:
                problems.error(node.at, f"a pack holds rules only, and no {table.name}", "Move it to hb.d.", "pack")
                continue
            rule = builder.rule(table.name, node)
            if rule:
                found.append(rule)
        found, twice = ids.given(found)
        self._found += [*problems.found, *twice]
        return found

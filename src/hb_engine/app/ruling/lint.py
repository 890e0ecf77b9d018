"""`hb lint`: everything that is wrong with a baseline's files, each with the line that it stands in.

A file is read together with its folder, since roles and defaults may stand in another file; only its own problems are
told. It refuses to decide what is worth failing for: that is the verb's.
"""

from __future__ import annotations

import os
import time

from hb_engine.app.ruling import baseline as folder_of
from hb_engine.baseline.language.problems import in_order
from hb_engine.model.baseline import Problem, Where
from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hb_engine.app.ruling.baseline import Texts
    from hb_engine.baseline.language.parse import Parsed


@record
class Linted:
    """What was read, and what is wrong with it. `lines`: the text of each line that a problem stands in."""

    paths: tuple[str, ...]
    files: tuple[str, ...]
    rules: int
    roles: int
    windows: int
    problems: tuple[Problem, ...]
    lines: dict[tuple[str, int], str]

    def count(self, level: str) -> int:
        """How many problems are of a level: error, warning."""
        return sum(1 for problem in self.problems if problem.level == level)


def lint(paths: Sequence[str] = (), *, baseline: str = "", now: float | None = None) -> Linted:
    """The problems of some files and folders, or of the baseline that hb would use. Raises BadInput."""
    now = time.time() if now is None else now
    asked = tuple(paths) or (_own(baseline),)
    if not all(asked):
        raise BadInput("a path is empty", "Name a file or folder of rules, or none for the baseline.")
    texts = folder_of.gathered(_with_neighbours(asked))
    parsed = folder_of.parsed(texts, now=now)
    told = [*texts.problems, *parsed.problems, *_conflicts(parsed, now), *_unsafe(asked)]
    mine = _files_of(asked, texts)
    found = in_order([one for one in told if one.where.file in mine or _is_no_file(one, texts, asked)], mine)
    rules = parsed.baseline.rules
    return Linted(
        asked,
        tuple(mine),
        sum(1 for rule in rules if rule.where.file in mine),
        sum(1 for role in parsed.baseline.roles if role.where.file in mine),
        sum(1 for window in parsed.baseline.windows if window.where.file in mine),
        found,
        _lines(found, texts),
    )


def _own(baseline: str) -> str:
    folder = folder_of.locate(baseline)
    if folder is None:
        raise BadInput(f"there is no baseline: no {folder_of.FOLDER} here or above", folder_of.BEGIN)
    return folder


def _with_neighbours(paths: tuple[str, ...]) -> list[str]:
    """The paths, a file of a baseline's folder as that folder; each once, so that no rule is there twice."""
    found: dict[str, str] = {}
    for path in paths:
        folder = os.path.dirname(path)
        inside = not os.path.isdir(path) and os.path.basename(os.path.abspath(folder)) == folder_of.FOLDER
        chosen = folder if inside and os.path.exists(path) else path
        found.setdefault(os.path.abspath(chosen), chosen or os.curdir)
    return list(found.values())


def _files_of(paths: tuple[str, ...], texts: Texts) -> list[str]:
    """The files that were asked about, as they are called in places."""
    wanted = {os.path.abspath(path) for path in paths}
    names = [name for name, _ in texts.files] + [one.where.file for one in texts.problems]
    return [
        name for name in names if os.path.abspath(name) in wanted or os.path.dirname(os.path.abspath(name)) in wanted
    ]


def _is_no_file(problem: Problem, texts: Texts, asked: tuple[str, ...]) -> bool:
    """Whether a problem is of a folder or a pack, and not of a file that was not asked about."""
    return problem.where.file not in [name for name, _ in texts.files] and (
        problem.where.file in asked or problem.where.file.startswith("pack:")
    )


def _conflicts(parsed: Parsed, now: float) -> list[Problem]:
    """Rules that cannot all be meant. What the language told already, at the very word, is not told again."""
    from hb_engine.baseline.deciding.conflicts import problems  # only hb lint looks for them

    return [one for one in problems(parsed.baseline, now) if one.code not in ("expired", "unknown-rule")]


def _unsafe(paths: tuple[str, ...]) -> list[Problem]:
    told = [(path, folder_of.unsafe(path)) for path in paths if os.path.isdir(path)]
    hint = "Whoever can write the rules decides what is allowed."
    return [Problem(Where(path), sentence, hint, "warning", "unsafe") for path, sentence in told if sentence]


def _lines(problems: Sequence[Problem], texts: Texts) -> dict[tuple[str, int], str]:
    files = {name: text for name, text in texts.files if any(one.where.file == name for one in problems)}
    split = {name: text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n") for name, text in files.items()}
    found = {}
    for one in problems:
        lines = split.get(one.where.file, [])
        if 0 < one.where.line <= len(lines):
            found[one.where.file, one.where.line] = lines[one.where.line - 1]
    return found

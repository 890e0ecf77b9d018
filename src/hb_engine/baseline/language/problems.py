"""Problems as they are found: gathered with their places, for one file or for the whole folder."""

from __future__ import annotations

from hb_engine.model.baseline import Problem
from hb_engine.model.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from hb_engine.baseline.language.nodes import Mistake, Node, Source


MOST = 1000  # problems of one file that are told; whoever has more has one problem, many times


class Problems:
    """What was found in one file. `errors` counts those that keep a rule out; told are the first MOST."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Problem] = []
        self.errors = 0

    def error(self, at: int, message: str, hint: str = "", code: str = "value") -> None:
        """Something that keeps what it is in out of the baseline."""
        self.errors += 1
        self._keep(Problem(self.source.where(at), message, hint, "error", code))

    def warning(self, at: int, message: str, hint: str = "", code: str = "value") -> None:
        """Something that a person should know, and that stands."""
        self._keep(Problem(self.source.where(at), message, hint, "warning", code))

    @property
    def full(self) -> bool:
        """Whether so much is wrong that looking for what was meant helps nobody any more."""
        return len(self.found) > MOST

    def _keep(self, problem: Problem) -> None:
        if len(self.found) < MOST:
            self.found.append(problem)
        elif len(self.found) == MOST:
            told = f"this file has more than {MOST} problems; from here on none is told"
            self.found.append(Problem(problem.where, told, "Correct those before first.", "error", "too-many"))

    def pair(self, name: str, example: str) -> str:
        """A key with its value as this file's format writes it; `example` is the value in TOML."""
        if self.source.style == "TOML":
            return f"{name} = {example}"
        bare = example[0] in '"[' or example in ("true", "false")
        if self.source.style == "JSON":
            return f'"{name}": {example}' if bare else f'"{name}": "{example}"'
        return f"{name}: {example.strip(chr(34))}"

    def table(self, name: str, *, many: bool) -> str:
        """How a table of this name begins in this file's format."""
        if self.source.style == "TOML":
            return f"[[{name}]]" if many else f"[{name}]"
        if self.source.style == "JSON":
            return f'"{name}": [{{...}}, ...]' if many else f'"{name}": {{...}}'
        return f"{name}: and below it a list, each with - before it" if many else f"{name}: and below it its keys"

    def mistake(self, node: Node, mistake: Mistake, *, level: str = "error") -> None:
        """A mistake inside of a text's value, at its very character."""
        tell = self.error if level == "error" else self.warning
        tell(self.source.character(node, mistake.at), mistake.message, mistake.remedy, mistake.code)


def in_order(problems: Iterable[Problem], files: Iterable[str]) -> tuple[Problem, ...]:
    """Problems by file, line and column; each once."""
    order = {name: number for number, name in enumerate(files)}

    def key(problem: Problem) -> tuple[int, str, int, int]:
        where = problem.where
        return order.get(where.file, len(order)), where.file, where.line, where.column

    return tuple(sorted(dict.fromkeys(problems), key=key))


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", *, what: str = "There are") -> str:
    """A hint: the nearest known word, or the first of those that there are."""
    listed = tuple(dict.fromkeys(known))
    meant = nearest(word, listed)
    if meant:
        return f"Did you mean {meant}?"
    few = ", ".join(listed[:12]) + (" ..." if len(listed) > 12 else "")
    if len(listed) == 1 and what == "There are":
        return f"There is only {few}."
    return f"{what} {few}." if listed else otherwise

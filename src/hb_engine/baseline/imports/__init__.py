"""Files of other tools that say what should be open, turned into rules: one tool, one module.

A module has FORMAT, claims(root) and read(root): it is given the tree of values of a file, whatever its syntax, and
returns what it could carry over and, in sentences, what it could not. The folder is listed; there is no other list.
"""

from __future__ import annotations

from hb_engine.baseline import blocks
from hb_engine.baseline.language import formats as files
from hb_engine.model.baseline import Rule
from hb_engine.model.errors import BadInput, DataError
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hb_engine.baseline.language.nodes import Format, Node

    class Importer(Protocol):
        """A file of this folder."""

        FORMAT: Format
        claims: Callable[[Node], bool]
        read: Callable[[Node, str], Imported]


@record
class Imported:
    """Rules with their comments, in the order of the file, and what could not be carried over, each with why."""

    rules: tuple[tuple[Rule, tuple[str, ...]], ...]
    left_out: tuple[str, ...] = ()
    tool: str = ""


def read(name: str, text: str, owner: str = "") -> Imported:
    """The rules that a file says. Raises DataError for text that is broken, BadInput for what no importer knows."""
    file = files.opened(name, text)
    if file.root is None or file.mistakes:
        worst = file.mistakes[0]
        raise DataError(f"{file.source.where(worst.at).text}: {worst.message}", worst.remedy or "Correct the file.")
    for one in importers():
        if one.claims(file.root):
            return one.read(file.root, owner)
    known = ", ".join([one.FORMAT.name for one in importers()])
    raise BadInput(f"{name} is of no tool that hb imports rules from", f"It reads files of {known}.")


def importers() -> list[Importer]:
    """Every importer, by name."""
    from pkgutil import iter_modules  # 8 ms, for imports only

    names = sorted([module.name for module in iter_modules(__path__)])
    return [__import__(f"{__name__}.{name}", fromlist=("FORMAT",)) for name in names]


def text(imported: Imported) -> str:
    """What was imported as TOML, with what could not be carried over as comments."""
    parts = [blocks.block(rule, comments) for rule, comments in imported.rules]
    if imported.left_out:
        told = [f"Not carried over ({len(imported.left_out)}):", *[f"  {each}" for each in imported.left_out]]
        parts.append("".join([f"{blocks.comment(each)}\n" for each in told]))
    return "\n".join(parts)

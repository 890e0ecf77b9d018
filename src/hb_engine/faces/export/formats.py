"""What a format says of itself, and how the folders of formats are listed.

A format is a file with `FORMAT` and `write()`; its folder is the list. It refuses names that no file has: the error
says which there are.
"""

from __future__ import annotations

import os

from hb_engine.model.errors import BadInput
from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


@record
class Format:
    """A format: its name on the command line, what reads it, and how its files' names end.

    A `graded` one says itself how it went: its `write` is also given from which severity on drift counts (`fail_on`).
    """

    name: str
    what: str
    ending: str
    graded: bool = False


def names(package: ModuleType) -> tuple[str, ...]:
    """The formats of a package, sorted, by listing its folder (or the archive that hb runs from)."""
    from pkgutil import iter_modules  # 8 ms, and only where a format was asked for

    return tuple(sorted([found.name for found in iter_modules(package.__path__) if not found.name.startswith("_")]))


def load(package: ModuleType, name: str, noun: str = "format") -> Any:
    """The module of a format. Raises BadInput for a name that no file has; `noun` is what people call it there."""
    if name.isascii() and name.isidentifier() and (name in _files(package) or name in names(package)):
        return __import__(f"{package.__name__}.{name}", fromlist=("FORMAT",))
    from hb_engine.model.nearest import nearest  # only after a mistake

    known = names(package)
    meant = nearest(name, known)
    raise BadInput(
        f"there is no {noun} {name!r}", f"Did you mean {meant}?" if meant else f"It is one of {', '.join(known)}."
    )


def _files(package: ModuleType) -> set[str]:
    """The names of the files beside a package's own; none for an archive, whose folders cannot be listed so."""
    folder = os.path.dirname(package.__file__ or "")
    if not os.path.isdir(folder):
        return set()
    return {name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py") and name[0] != "_"}

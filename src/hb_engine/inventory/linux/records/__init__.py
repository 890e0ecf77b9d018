"""What this machine's own records say that happened: one kind of record, one file.

Each declares RECORD (its name and the files it reads) and has one function, `events(root, since)`, which returns what
happened not before `since` (seconds since the epoch) and what could not be read. Adding a kind is adding its file here
and its test; nothing else lists them. Everything is read in bounded pieces, from the end of a log backwards.
"""

from __future__ import annotations

import os

from hb_engine.model.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.event import Event
    from hb_engine.model.inventory import Gap

    Told = tuple[tuple[Event, ...], tuple[Gap, ...]]
    Loaded = tuple["Record", Callable[[str, float], Told]]


@record
class Record:
    """What each file of this folder declares: a word for it, and the files and folders that it reads."""

    name: str
    files: tuple[str, ...]


def load() -> tuple[Loaded, ...]:
    """Every kind of record and its function, by name."""
    return tuple([_load(name) for name in names()])


def names() -> list[str]:
    """The names of the records' files, sorted."""
    try:
        files = os.listdir(__path__[0])
    except OSError:  # inside a zip file: the slower way, which knows those
        from pkgutil import iter_modules

        return sorted(module.name for module in iter_modules(__path__))
    return sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))


def _load(name: str) -> Loaded:
    module = __import__(f"{__name__}.{name}", fromlist=("RECORD",))
    return module.RECORD, module.events

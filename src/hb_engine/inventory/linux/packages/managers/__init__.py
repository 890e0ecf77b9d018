"""One package manager, one file: a declaration, MANAGER, and a function, find(question) -> Found.

Adding a manager is adding its file here and its test; nothing else lists them. load() lists the folder.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.inventory.linux.packages.records import Found, Manager, Question

    Loaded = tuple[Manager, Callable[[Question], Found]]

_loaded: tuple[Loaded, ...] | None = None


def load() -> tuple[Loaded, ...]:
    """Every manager's declaration and function, by name."""
    global _loaded  # noqa: PLW0603 (the folder does not change while a program runs)
    if _loaded is None:
        _loaded = tuple([_load(name) for name in names()])
    return _loaded


def names() -> list[str]:
    """The names of the managers' files, sorted."""
    try:
        files = os.listdir(os.path.dirname(__file__))
    except OSError:  # inside a zip file: the slower way, which knows those
        from pkgutil import iter_modules

        return sorted(module.name for module in iter_modules(__path__))
    return sorted(file[:-3] for file in files if file.endswith(".py") and not file.startswith("_"))


def _load(name: str) -> Loaded:
    module = __import__(f"{__name__}.{name}", fromlist=("MANAGER",))
    return module.MANAGER, module.find

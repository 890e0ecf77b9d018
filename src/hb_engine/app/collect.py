"""What is open on this machine, by the collector for its system; nothing is looked up or judged here."""

from __future__ import annotations

import sys

from hb_engine.app import folders
from hb_engine.model.errors import CannotLook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hb_engine.model.inventory import Inventory


def collect(ports: frozenset[int] | None = None, *, fresh: bool = False) -> Inventory:
    """One look, at everything or at some ports. `fresh` trusts no remembered digest. Raises CannotLook."""
    if sys.platform.startswith("linux"):
        from hb_engine.inventory.linux.collect import collect as linux
        from hb_engine.inventory.linux.memo import Memo

        return linux(ports, Memo(folders.cache()), fresh=fresh)
    from hb_engine.inventory import portable

    return _portable(portable.collect, ports)


def _portable(collect: Callable[[str], Inventory], ports: frozenset[int] | None) -> Inventory:
    system = {"darwin": "darwin", "win32": "windows"}.get(sys.platform)
    if system is None:
        raise CannotLook(f"hb has no collector for {sys.platform}", "It looks at Linux, macOS and Windows.")
    seen = collect(system)
    if ports is None:
        return seen
    from hb_engine.model.record import replace

    return replace(seen, openings=tuple([opening for opening in seen.openings if opening.port in ports]))

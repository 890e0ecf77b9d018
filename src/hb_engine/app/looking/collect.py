"""What is open on this machine, by the collector for its system; nothing is looked up or judged here."""

from __future__ import annotations

import sys

from hb_engine.app import folders
from hb_engine.app.looking.labels import labels
from hb_engine.model.errors import CannotLook
from hb_engine.model.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.model.inventory import Inventory


def collect(ports: frozenset[int] | None = None, *, fresh: bool = False, hidden: bool = False) -> Inventory:
    """One look, at everything or at some ports. Raises CannotLook.

    `fresh` trusts no remembered digest; `hidden` also looks, where that is possible, for ports that no list shows.
    """
    seen = _collected(ports, fresh=fresh, hidden=hidden)
    told, gaps = labels()
    coverage = replace(seen.coverage, gaps=(*seen.coverage.gaps, *gaps)) if gaps else seen.coverage
    return replace(seen, host=replace(seen.host, labels=told), coverage=coverage)


def _collected(ports: frozenset[int] | None, *, fresh: bool, hidden: bool) -> Inventory:
    if sys.platform.startswith("linux"):
        from hb_engine.inventory.linux.collect import collect as linux
        from hb_engine.inventory.linux.memo import Memo

        return linux(ports, Memo(folders.cache()), fresh=fresh, hidden=hidden)
    return _portable(ports)


def _portable(ports: frozenset[int] | None) -> Inventory:
    system = {"darwin": "darwin", "win32": "windows"}.get(sys.platform)
    if system is None:
        raise CannotLook(f"hb has no collector for {sys.platform}", "It looks at Linux, macOS and Windows.")
    from hb_engine.inventory.portable.collect import collect as by_psutil

    seen = by_psutil(system)
    if ports is None:
        return seen
    asked = replace(seen.coverage, partial=f"ports {', '.join(map(str, sorted(ports)))}")
    return replace(
        seen, coverage=asked, openings=tuple([opening for opening in seen.openings if opening.port in ports])
    )

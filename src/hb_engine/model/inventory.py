"""The openings of a machine, and what was asked to find them. "Gone" may be said only of what was asked."""

from __future__ import annotations

from hb_engine.model.opening import Opening
from hb_engine.model.record import record


@record
class Gap:
    """Something that was not seen: what, why, and what would show it."""

    what: str
    why: str
    remedy: str


@record
class Coverage:
    """Which sources were asked (sock_diag tcp, bpf task iterator, /proc walk ...) and what they could not show."""

    privileged: bool
    sources: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


@record
class Host:
    """The machine that was looked at."""

    name: str
    system: str  # Debian GNU/Linux 12 (bookworm)
    kernel: str = ""
    boot_id: str = ""


@record
class Inventory:
    """One look. `taken_at` is seconds since the epoch."""

    host: Host
    taken_at: float
    coverage: Coverage
    openings: tuple[Opening, ...]

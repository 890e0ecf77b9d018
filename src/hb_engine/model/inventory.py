"""The openings of a machine, and what was asked to find them. "Gone" may be said only of what was asked."""

from __future__ import annotations

from hb_engine.model.opening import Opening
from hb_engine.model.record import record


@record
class Gap:
    """Something that was not seen: what, why, and what would show it.

    `about` says for programs which openings it may hide, in the words of model/coverage.py; "" may hide any.
    """

    what: str
    why: str
    remedy: str
    about: str = ""


@record
class Coverage:
    """Which sources were asked (sock_diag tcp, bpf task iterator, /proc walk ...) and what they could not show.

    `partial` says what alone was asked for, or let through by filters: absence means nothing then.
    """

    privileged: bool
    sources: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    partial: str = ""  # ports 22, 443; filters; "" for a look at everything


@record
class Host:
    """The machine that was looked at."""

    name: str
    system: str  # Debian GNU/Linux 12 (bookworm)
    kernel: str = ""
    boot_id: str = ""
    machine: str = ""  # the same for the same installation, and for no other: a keyed digest of its machine-id(5)
    os: str = ""  # debian-12: ID and VERSION_ID of os-release(5)
    addresses: tuple[str, ...] = ()  # its own, of the host's network namespace, without loopback
    labels: tuple[str, ...] = ()  # name=value, or a word, by which roles choose machines
    local_ports: tuple[int, int] | None = None  # the first and last port that the kernel chooses


@record
class Inventory:
    """One look. `taken_at` is seconds since the epoch."""

    host: Host
    taken_at: float
    coverage: Coverage
    openings: tuple[Opening, ...]

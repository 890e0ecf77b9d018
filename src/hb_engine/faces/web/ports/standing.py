"""What this network has on a port now: machine by machine, what is open with its owner and rule, and what is not.

That a port is closed is said only of a machine whose look would have shown it (model/coverage.py); else the page says
what could not be seen, why, and what would show it. A TCP socket that is bound and does not listen answers nobody, so
whether one was seen does not matter here.
"""

from __future__ import annotations

from hb_engine.app.hub.sight import Machine, Sight
from hb_engine.faces.web import addresses
from hb_engine.faces.web.machines import rows as machines
from hb_engine.faces.web.machines.rows import Row, Rows
from hb_engine.model.coverage import may_hide, would_show
from hb_engine.model.endpoint import SCOPES
from hb_engine.model.inventory import Coverage, Gap
from hb_engine.model.opening import Netns, Opening
from hb_engine.model.record import record, replace
from hb_engine.model.report import Verdict

KINDS = ("listener", "forward", "redirect", "activation", "kernel")
UDP_KINDS = ("bound", "tunnel", *KINDS[1:])
MOST = 12  # openings of a machine that are told before the rest is counted
ASKED_AS = {"mptcp": "tcp", "udplite": "udp"}


@record
class Silence:
    """Transports that are not open on a machine, and whether that is known. `gaps` could hide one.

    `apart` is whether other network namespaces than the machine's own were all looked into.
    """

    transports: tuple[str, ...]
    closed: bool
    apart: bool
    gaps: tuple[Gap, ...] = ()
    partial: str = ""


@record
class Stand:
    """One machine: what is open there (the worst first), what is not, and what its baseline misses."""

    machine: Machine
    href: str
    rows: tuple[Row, ...]
    silences: tuple[Silence, ...]
    missing: tuple[Verdict, ...] = ()
    more: int = 0

    @property
    def opened(self) -> bool:
        """Whether anything is open."""
        return bool(self.rows)

    @property
    def closed(self) -> bool:
        """Whether nothing is open, and that is known of every transport."""
        return not self.rows and all(one.closed for one in self.silences)


def stands(sight: Sight, port: int, transports: tuple[str, ...]) -> tuple[Stand, ...]:
    """Each machine of a sight: those where something is open or missing first, then the unsure, then the closed."""
    here: dict[int, list[Row]] = {}
    for rows, row in open_ports(sight).get(port, ()):
        if spoken_as(row.opening) in transports:
            here.setdefault(id(rows), []).append(row)
    quiet: dict[tuple[int, tuple[str, ...]], Stand] = machines.SHELF.of(sight, machines.OF_LOOKS, lambda _: {})
    found = []
    for rows in machines.of(sight):
        key = id(rows), transports
        told = id(rows) in here or any(_is_about(one, port, transports) for one in rows.missing)
        stand = None if told else quiet.get(key)
        if stand is None:
            stand = _stand(sight, rows, here.get(id(rows), []), port, transports)
            if not told and not _names_ports(rows.machine.seen.coverage):
                quiet[key] = stand  # of any such port: of a thousand machines nearly all have nothing on it
        found.append(stand)
    return tuple(sorted(found, key=_gravity))


def silence(coverage: Coverage, transport: str, port: int) -> Silence:
    """Whether a look that shows nothing on a transport's port says that it is closed."""
    able = _candidates(transport, port)
    gaps = tuple([gap for gap in coverage.gaps if any(may_hide(gap.about, one) for one in able)])
    closed = all(would_show(coverage, one) for one in able)
    apart = all(would_show(coverage, replace(one, netns=Netns(0, "", "container"))) for one in able)
    return Silence((transport,), closed, apart, gaps, coverage.partial)


def open_ports(sight: Sight) -> dict[int, tuple[tuple[Rows, Row], ...]]:
    """Everything that is open in a sight, by port, the kernel's choices as well; made once for each sight."""
    return machines.SHELF.of(sight, "open-by-port", _open_ports)


def spoken_as(opening: Opening) -> str:
    """The transport whose registrations an opening's are."""
    return ASKED_AS.get(opening.transport, opening.transport)


def _open_ports(sight: Sight) -> dict[int, tuple[tuple[Rows, Row], ...]]:
    found: dict[int, list[tuple[Rows, Row]]] = {}
    for rows in machines.of(sight):
        for row in rows.all:
            if row.opening.port is not None:
                found.setdefault(row.opening.port, []).append((rows, row))
    return {port: tuple(told) for port, told in found.items()}


def _stand(sight: Sight, rows: Rows, here: list[Row], port: int, transports: tuple[str, ...]) -> Stand:
    opened = {spoken_as(row.opening) for row in here}
    missing = tuple([one for one in rows.missing if _is_about(one, port, transports)])
    quiet = [_silence(sight, rows, one, port) for one in transports if one not in opened]
    href = addresses.machine(rows.machine.name)
    return Stand(rows.machine, href, tuple(here[:MOST]), _merged(quiet), missing, max(len(here) - MOST, 0))


def _silence(sight: Sight, rows: Rows, transport: str, port: int) -> Silence:
    """The same, found once for all ports where no gap is about some of them."""
    coverage = rows.machine.seen.coverage
    if _names_ports(coverage):
        return silence(coverage, transport, port)
    known: dict[tuple[Coverage, str], Silence] = machines.SHELF.of(sight, "silences", lambda _: {})
    key = (coverage, transport)  # of most machines it is the same
    if key not in known:
        known[key] = silence(coverage, transport, port)
    return known[key]


def _names_ports(coverage: Coverage) -> bool:
    """Whether a gap is about some ports, and not about others."""
    return any("/" in gap.about for gap in coverage.gaps)


def _candidates(transport: str, port: int) -> list[Opening]:
    """What could be open there, as far as gaps tell such things apart."""
    kinds = UDP_KINDS if transport in ("udp", "udplite") else KINDS
    plain = Opening(kinds[0], transport, port, (), ("ipv4", "ipv6"), "public", Netns(0))
    found = [replace(plain, kind=kind, scope=scope) for kind in kinds for scope in SCOPES]
    return [
        *found,
        replace(plain, interface="a device"),
        *([replace(plain, flags=("mptcp",))] if transport == "tcp" else []),
    ]


def _merged(found: list[Silence]) -> tuple[Silence, ...]:
    """Transports of which the same is known, told together."""
    merged: dict[Silence, Silence] = {}
    for one in found:
        key = replace(one, transports=())
        known = merged.get(key)
        merged[key] = replace(one, transports=(*(known.transports if known else ()), *one.transports))
    return tuple(merged.values())


def _is_about(one: Verdict, port: int, transports: tuple[str, ...]) -> bool:
    """Whether a verdict without an opening is about a port: its key is transport/scope/port."""
    parts = one.key.split("/")
    if len(parts) < 3 or parts[2] != str(port):
        return False
    return parts[0] == "any" or ASKED_AS.get(parts[0], parts[0]) in transports


def _gravity(one: Stand) -> tuple[bool, bool, bool]:
    return not one.rows, not one.missing, one.closed

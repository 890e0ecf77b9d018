"""A recording's sockets, put together: one opening for each transport, port, reach and owner.

What counts: TCP that listens, and UDP that is bound and not connected. Neither system tells whether the port was
asked for or chosen by the kernel, so ports inside its outgoing range count as chosen. [::] alone may take IPv4 as
well, or not: psutil cannot ask, and the opening says so instead of guessing.
"""

from __future__ import annotations

import _socket

from hb_engine.inventory.portable.people import People
from hb_engine.inventory.portable.recording import LISTEN, Row
from hb_engine.model.endpoint import MAPPED, narrower, scope_of
from hb_engine.model.errors import DataError
from hb_engine.model.opening import Netns, Opening, Unowned, identity_of
from hb_engine.model.owner import Owner
from hb_engine.model.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.inventory.portable.recording import Recording

AF = {"ipv4": _socket.AF_INET, "ipv6": _socket.AF_INET6}
HOST = Netns(0)  # neither system has network namespaces of Linux's kind
LINK_LOCAL = b"\xfe\x80"
TRY_IPV4 = {
    "darwin": "nc -z 127.0.0.1 {port} asks",
    "windows": "Test-NetConnection 127.0.0.1 -Port {port} asks",
    "linux": "ss -lnte tells",
}


@record
class Placed:
    """A socket with its place and whoever holds it."""

    row: Row
    family: str  # who reaches it: a mapped address is IPv4's
    address: str
    scope: str
    interface: str
    owner: Owner | None
    unowned: Unowned | None
    notes: tuple[str, ...]


def arrange(recording: Recording) -> tuple[Opening, ...]:
    """The openings of a recording, sorted by transport, port and reach. Raises DataError for what is no address."""
    people = People(recording)
    groups: dict[tuple[object, ...], list[Placed]] = {}
    for row in recording.rows:
        if counts(row):
            placed = _place(row, recording, people)
            groups.setdefault(_group(placed), []).append(placed)
    openings = [_opening(members, recording) for members in groups.values()]
    openings.sort(key=lambda one: (one.transport, one.port or 0, one.scope, one.key, one.addresses))
    return tuple(openings)


def counts(row: Row) -> bool:
    """Whether a socket is a way in."""
    if not row.port or row.connected:
        return False
    return row.status == LISTEN if row.transport == "tcp" else True


def _group(placed: Placed) -> tuple[object, ...]:
    identity = identity_of((placed.owner,) if placed.owner else (), None, None, placed.unowned)
    row = placed.row
    # Processes that are not named are told apart by their number, where there is one: two strangers are not one owner.
    return row.transport, row.port, placed.scope, identity, row.pid if placed.owner is None else None


def _place(row: Row, recording: Recording, people: People) -> Placed:
    packed, zone = _packed(row)
    if recording.system == "darwin" and packed[:2] == LINK_LOCAL and packed[2:4] != b"\0\0":
        # KAME kernels keep the interface's number in bytes 2 and 3 of a link-local address (netinet6/scope6.c).
        zone = str(int.from_bytes(packed[2:4], "big"))
        packed = packed[:2] + b"\0\0" + packed[4:]
    interface = recording.interfaces.get(int(zone), zone) if zone.isdecimal() and len(zone) < 10 else zone
    reach = "loopback" if interface in ("lo", "lo0") else "public"
    owner, unowned, notes = people.of(row)
    address = _socket.inet_ntop(AF[row.family], packed)
    family = "ipv4" if packed.startswith(MAPPED) else row.family
    return Placed(row, family, address, narrower(scope_of(packed), reach), interface, owner, unowned, notes)


def _packed(row: Row) -> tuple[bytes, str]:
    """The address in bytes, and its zone (RFC 4007 11) without the percent sign."""
    text, _, zone = row.address.partition("%")
    try:
        return _socket.inet_pton(AF[row.family], text), zone
    except (OSError, ValueError):
        raise DataError(f"{row.address!r:.60} is no address of {row.family}.", "Report it with a recording.") from None


def _opening(members: list[Placed], recording: Recording) -> Opening:
    first = members[0]
    row, owners = first.row, _owners(members)
    ephemeral = recording.ephemeral is not None and recording.ephemeral[0] <= row.port <= recording.ephemeral[1]
    interfaces = {placed.interface for placed in members}
    families = tuple(sorted({placed.family for placed in members}))
    notes = [note for placed in members for note in placed.notes]
    return Opening(
        kind="listener" if row.transport == "tcp" else "bound",
        transport=row.transport,
        port=row.port,
        addresses=tuple(sorted({placed.address for placed in members}, key=lambda text: (":" in text, text))),
        families=families,
        scope=first.scope,
        netns=HOST,
        interface=interfaces.pop() if len(interfaces) == 1 else "",
        owners=owners,
        unowned=first.unowned,
        uid=owners[0].uid if owners else None,
        user=owners[0].user if owners else "",
        ephemeral=ephemeral,
        notes=tuple(dict.fromkeys([*notes, *_doubts(members, families, recording, ephemeral=ephemeral)])),
    )


def _owners(members: list[Placed]) -> tuple[Owner, ...]:
    """All owners, each process once with all its holds, the oldest first: it opened what the others inherited."""
    found: dict[int, Owner] = {}
    for placed in members:
        owner = placed.owner
        if owner is None:
            continue
        before = found.get(owner.pid)
        holds = (*before.holds, *[hold for hold in owner.holds if hold not in before.holds]) if before else owner.holds
        found[owner.pid] = replace(owner, holds=holds)
    return tuple(sorted(found.values(), key=lambda owner: (owner.started_at or 0.0, owner.pid)))


def _doubts(
    members: list[Placed], families: tuple[str, ...], recording: Recording, *, ephemeral: bool
) -> tuple[str, ...]:
    doubts = []
    if families == ("ipv6",) and any(placed.address == "::" for placed in members):
        how = TRY_IPV4[recording.system].format(port=members[0].row.port)
        doubts.append(f"whether [::] also takes IPv4 is not known; {how}")
    if ephemeral and recording.ephemeral:
        first, last = recording.ephemeral
        doubts.append(f"inside the outgoing range {first}-{last}: taken as chosen by the system, not asked for")
    return tuple(doubts)

"""Sockets with their owners, put together into openings.

One opening is what one owner has open at one port in one reach: sshd's two sockets for IPv4 and IPv6 are one opening
with two families, and so are the sockets of a SO_REUSEPORT group; two programs that share a port are two openings, and
so are a loopback and a public bind of the same program. Nothing is looked up here: rows in, openings out.
"""

from __future__ import annotations

import _socket

from hb_engine.model.endpoint import MAPPED, narrower, scope_of
from hb_engine.model.opening import Netns, Opening, Unowned, identity_of
from hb_engine.model.owner import Container, Hold, Owner
from hb_engine.model.record import record
from hb_engine.wire.socket_row import Socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Device = Callable[[int, int], tuple[str, str]]  # (netns inode, interface number) -> (name, scope)

AF = {"ipv4": _socket.AF_INET, "ipv6": _socket.AF_INET6}
PROTOCOLS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 41: "ipv6", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp",
             89: "ospf", 103: "pim", 112: "vrrp", 132: "sctp", 255: "raw"}  # fmt: skip
ETHERTYPES = {3: "all", 0x0800: "ipv4", 0x0806: "arp", 0x86DD: "ipv6", 0x888E: "eapol", 0x88CC: "lldp", 0x8100: "vlan",
              0x8863: "pppoe-discovery", 0x8864: "pppoe", 0: "none"}  # fmt: skip
VSOCK_ANY, VSOCK_LOCAL = 0xFFFFFFFF, 1
NOT_LISTENING, AUTOBOUND = "not-listening", "autobound"


@record
class Attributed:
    """A socket and whoever holds it, or why nobody is named; unit and container are by its cgroup."""

    socket: Socket
    owners: tuple[Owner, ...] = ()
    unowned: Unowned | None = None
    user: str = ""
    unit: str | None = None
    container: Container | None = None
    notes: tuple[str, ...] = ()


def arrange(rows: Iterable[Attributed], netns: dict[int, Netns], device: Device) -> tuple[Opening, ...]:
    """Openings, sorted by transport, port and reach. `device` names an interface and says how far it reaches."""
    groups: dict[tuple[object, ...], list[Attributed]] = {}
    for row in rows:
        groups.setdefault(_group(row, device), []).append(row)
    openings = [_opening(key, members, netns) for key, members in groups.items()]
    openings.sort(key=lambda one: (one.transport, one.port is None, one.port or 0, one.scope, one.key))
    return tuple(openings)


def _group(row: Attributed, device: Device) -> tuple[object, ...]:
    """What sockets of one opening have in common; the first six are fields of the opening."""
    socket = row.socket
    interface, reach = device(socket.netns, socket.ifindex) if socket.ifindex else ("", "public")
    scope = narrower(_scope(socket, interface), reach)
    identity = identity_of(row.owners, row.unit, row.container, row.unowned)
    return (
        _kind(socket),
        socket.transport,
        socket.port,
        scope,
        interface,
        socket.netns,
        identity,
        socket.protocol,
        _flags(socket),
    )


def _opening(key: tuple[object, ...], rows: list[Attributed], netns: dict[int, Netns]) -> Opening:
    first = rows[0]
    kind, transport, port, scope, interface, space = key[:6]
    sockets = [row.socket for row in rows]
    owners = first.owners if len(rows) == 1 else _merged(rows)
    if owners and all(hold.how == "activation" for owner in owners for hold in owner.holds or (Hold("fd"),)):
        kind = "activation"  # nobody but systemd holds it yet
    return Opening(
        kind=kind,  # type: ignore[arg-type]
        transport=transport,  # type: ignore[arg-type]
        port=port,  # type: ignore[arg-type]
        addresses=tuple(dict.fromkeys([address_text(socket) for socket in sockets])),
        families=tuple(sorted({family for socket in sockets for family in families(socket)})),
        scope=scope,  # type: ignore[arg-type]
        netns=netns.get(space) or Netns(space, "", "private"),  # type: ignore[arg-type, call-overload]
        interface=interface,  # type: ignore[arg-type]
        owners=owners,
        unowned=None if owners else first.unowned,
        uid=first.socket.uid,
        user=first.user,
        unit=first.unit,
        container=first.container,
        ephemeral=first.socket.autobound,
        flags=_flags(first.socket) + _group_flags(sockets),
        notes=tuple(dict.fromkeys([note for row in rows for note in row.notes + _notes(row.socket)])),
        inodes=tuple([socket.inode for socket in sockets]),
        protocol=protocol_name(first.socket),
    )


def _merged(rows: list[Attributed]) -> tuple[Owner, ...]:
    """All owners of a group, each process once."""
    return tuple({owner.pid: owner for row in rows for owner in row.owners}.values())


def _group_flags(sockets: list[Socket]) -> tuple[str, ...]:
    """What only all sockets together tell: IPv6 alone on every address, and a shared port."""
    alone = all(socket.v6only and not any(socket.address) for socket in sockets)
    return (("v6only",) if alone else ()) + (("reuseport",) if _shared(sockets) else ())


def _shared(sockets: list[Socket]) -> bool:
    """Two sockets on one address: only SO_REUSEPORT allows that among listeners and unconnected sockets."""
    places = [(socket.family, socket.address, socket.ifindex) for socket in sockets if socket.port is not None]
    return len(set(places)) < len(places)


def _kind(socket: Socket) -> str:
    if socket.state == "listen":
        return "listener"
    return "tap" if socket.transport == "packet" else "bound"


def _flags(socket: Socket) -> tuple[str, ...]:
    if socket.state == "bound" and socket.transport in ("tcp", "sctp", "dccp"):
        return (*socket.flags, NOT_LISTENING)
    if socket.autobound and socket.state != "listen":
        return (*socket.flags, AUTOBOUND)
    return socket.flags


def _scope(socket: Socket, interface: str) -> str:
    if socket.family in AF and socket.address:
        return scope_of(socket.address)
    if socket.family == "vsock":  # virtual machines and their host; no network
        return "loopback" if int.from_bytes(socket.address, "big") == VSOCK_LOCAL else "link"
    return "loopback" if interface == "lo" else "public"


def families(socket: Socket) -> tuple[str, ...]:
    """The families that reach a socket: [::] without IPV6_V6ONLY takes IPv4 too, a mapped address only IPv4."""
    if socket.family != "ipv6":
        return (socket.family,)
    if socket.address.startswith(MAPPED):
        return ("ipv4",)
    return ("ipv4", "ipv6") if socket.v6only is False and not any(socket.address) else ("ipv6",)


def address_text(socket: Socket) -> str:
    """The address as people write it; `*` for taps, the CID for vsock."""
    if socket.family in AF and socket.address:
        return _socket.inet_ntop(AF[socket.family], socket.address)
    if socket.family == "vsock":
        cid = int.from_bytes(socket.address, "big")
        return "*" if cid == VSOCK_ANY else str(cid)
    return "*"


def protocol_name(socket: Socket) -> str:
    """For transports without ports: the IP protocol of a raw socket, the ethertype of a packet socket."""
    if socket.transport == "raw":
        return PROTOCOLS.get(socket.protocol, str(socket.protocol))
    if socket.transport == "packet":
        return "xdp" if socket.family == "xdp" else ETHERTYPES.get(socket.protocol, f"0x{socket.protocol:04x}")
    return ""


def _notes(socket: Socket) -> tuple[str, ...]:
    if socket.family == "ipv6" and socket.v6only is None and not any(socket.address):
        return ("whether [::] also takes IPv4 is not known: the kernel's text tables do not say",)
    return ()

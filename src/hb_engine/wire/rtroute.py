"""Routes and neighbours over rtnetlink: which way a packet to an address goes, and to which hardware address.

One question asks for one address what the kernel would do with it, policy rules and all; it lists no tables.

Sources: rtnetlink(7); include/uapi/linux/{rtnetlink,neighbour,if_link}.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.record import record
from hb_engine.wire import netlink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.cursor import Cursor

NEWROUTE, GETROUTE, NEWNEIGH, GETNEIGH, NEWLINK, GETLINK = 24, 26, 28, 30, 16, 18
UNICAST, LOCAL, BROADCAST, MULTICAST = 1, 2, 3, 5
FAILED, USABLE = 0x20, 0x02 | 0x04 | 0x08 | 0x10 | 0x80  # reachable, stale, delay, probe, permanent
ETHERNET, NO_ARP = 1, 0x80
UP = 0x1
_ROUTE = Struct("=BBBBBBBBI")  # family, dst length, src length, tos, table, protocol, scope, type, flags
_NEIGHBOUR = Struct("=BxxxiHBB")  # family, interface, state, flags, type
_LINK = Struct("=BxHiII")  # family, device type, index, flags, change
_DST, _OIF, _GATEWAY, _PREFSRC = 1, 4, 5, 7
_VIA = 18
_NDA_DST, _NDA_LLADDR = 1, 2
_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_MTU = 1, 3, 4


@record
class Route:
    """What the kernel does with packets to an address: `kind` is UNICAST, LOCAL ...; packed addresses."""

    kind: int
    ifindex: int
    source: bytes = b""
    gateway: bytes = b""


@record
class Neighbour:
    """A neighbour's hardware address, and the state (NUD_*) in which the kernel holds it."""

    ifindex: int
    address: bytes
    hardware: bytes
    state: int


@record
class Device:
    """A link as a sender sees it. `kind` is its ARPHRD_ number."""

    index: int
    name: str
    kind: int
    flags: int
    hardware: bytes = b""
    mtu: int = 1500


def route_request(target: bytes, ifindex: int = 0, sequence: int = 1) -> bytes:
    """The way to a packed address, by one device if its number is given."""
    family = 2 if len(target) == 4 else 10
    body = _ROUTE.pack(family, len(target) * 8, 0, 0, 0, 0, 0, 0, 0) + netlink.attribute(_DST, target)
    if ifindex:
        body += netlink.attribute(_OIF, Struct("=I").pack(ifindex))
    return netlink.request(GETROUTE, body, flags=netlink.F_REQUEST | netlink.F_ACK, sequence=sequence)


def neighbours_request(sequence: int = 1) -> bytes:
    """All neighbours of both families."""
    return netlink.request(GETNEIGH, _NEIGHBOUR.pack(0, 0, 0, 0, 0), sequence=sequence)


def device_request(ifindex: int, sequence: int = 1) -> bytes:
    """One link."""
    body = _LINK.pack(0, 0, ifindex, 0, 0)
    return netlink.request(GETLINK, body, flags=netlink.F_REQUEST | netlink.F_ACK, sequence=sequence)


def route(body: Cursor) -> Route:
    """One RTM_NEWROUTE. Raises Truncated."""
    kind = body.unpack(_ROUTE)[7]
    ifindex, source, gateway = 0, b"", b""
    for number, payload in netlink.attributes(body):
        if number == _OIF:
            ifindex = payload.u32()
        elif number == _PREFSRC:
            source = payload.take(payload.left)
        elif number == _GATEWAY:
            gateway = payload.take(payload.left)
        elif number == _VIA and payload.left > 2:  # a gateway of the other family
            payload.skip(2)
            gateway = payload.take(payload.left)
    return Route(kind, ifindex, source, gateway)


def neighbour(body: Cursor) -> Neighbour:
    """One RTM_NEWNEIGH. Raises Truncated."""
    _family, ifindex, state, _flags, _type = body.unpack(_NEIGHBOUR)
    address, hardware = b"", b""
    for number, payload in netlink.attributes(body):
        if number == _NDA_DST:
            address = payload.take(payload.left)
        elif number == _NDA_LLADDR:
            hardware = payload.take(payload.left)
    return Neighbour(ifindex, address, hardware, state)


def device(body: Cursor) -> Device:
    """One RTM_NEWLINK. Raises Truncated."""
    _family, kind, index, flags, _change = body.unpack(_LINK)
    name, hardware, mtu = "", b"", 1500
    for number, payload in netlink.attributes(body):
        if number == _IFLA_IFNAME:
            name = payload.text(64)
        elif number == _IFLA_ADDRESS:
            hardware = payload.take(payload.left)
        elif number == _IFLA_MTU and payload.left >= 4:
            mtu = payload.u32()
    return Device(index, name, kind, flags, hardware, mtu)

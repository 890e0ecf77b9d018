"""rtnetlink: the links and addresses of a network namespace, and what their answers mean.

Links matter here for three things: the names of interface numbers, the ports that tunnel devices listen on inside the
kernel, and peers that live in a namespace nobody has looked into. It lists no routes and changes nothing.

Sources: rtnetlink(7); include/uapi/linux/{rtnetlink,if_link,if_addr,net_namespace}.h; drivers/net/vxlan/vxlan_core.c.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.record import record
from hb_engine.wire import netlink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.cursor import Cursor

NEWLINK, GETLINK, NEWADDR, GETADDR, NEWNSID, GETNSID = 16, 18, 20, 22, 88, 90
LOOPBACK = 0x8  # IFF_LOOPBACK

_LINK = Struct("=BxHiII")  # family, device type, index, flags, change
_ADDRESS = Struct("=BBBBI")  # family, prefix length, flags, scope, interface
_IFNAME, _MASTER, _LINKINFO, _EXT_MASK, _LINK_NETNSID = 3, 10, 18, 29, 37
_SKIP_STATS = 8  # RTEXT_FILTER_SKIP_STATS: two thirds of an answer's bytes, and nobody reads them here
_INFO_KIND, _INFO_DATA = 1, 2
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_NETNSA_NSID, _NETNSA_FD = 1, 3
_NAME_LIMIT = 64
# Kinds whose own attribute holds a UDP port in network order: include/uapi/linux/if_link.h, IFLA_<KIND>_PORT.
_PORTS = {"vxlan": (15,), "geneve": (5,), "bareudp": (1,), "amt": (2, 3)}
_FIXED = {"gtp": (2152, 3386), "pfcp": (8805,)}  # GTP1U_PORT and GTP0_PORT, PFCP_PORT (drivers/net/gtp.c, pfcp.c)


@record
class Link:
    """A network device. `ports` are UDP ports that a device of this kind opens in the kernel."""

    index: int
    name: str
    kind: str = ""  # vxlan, veth, bridge, vrf ...; empty for hardware and lo
    loopback: bool = False
    master: int = 0  # the bridge, bond or vrf that it belongs to
    peer_netns: int | None = (
        None  # number, in this namespace, of the namespace of its peer or underlay (-1: none known)
    )
    ports: tuple[int, ...] = ()


@record
class Address:
    """An address of an interface, packed (4 or 16 bytes), and how many of its bits are its network's."""

    ifindex: int
    address: bytes
    bits: int = 0


def links_request(sequence: int = 1) -> bytes:
    """All links."""
    mask = netlink.attribute(_EXT_MASK, Struct("=I").pack(_SKIP_STATS))
    return netlink.request(GETLINK, _LINK.pack(0, 0, 0, 0, 0) + mask, sequence=sequence)


def addresses_request(sequence: int = 1) -> bytes:
    """All addresses of both families."""
    return netlink.request(GETADDR, _ADDRESS.pack(0, 0, 0, 0, 0), sequence=sequence)


def nsid_request(fd: int, sequence: int = 1) -> bytes:
    """Which number this namespace has for the one behind a descriptor. The answer is one message, not a dump."""
    body = bytes(4) + netlink.attribute(_NETNSA_FD, Struct("=I").pack(fd))
    return netlink.request(GETNSID, body, flags=netlink.F_REQUEST | netlink.F_ACK, sequence=sequence)


def link(body: Cursor) -> Link:
    """One RTM_NEWLINK. Raises Truncated."""
    _family, _type, index, flags, _change = body.unpack(_LINK)
    name, kind, master, peer = "", "", 0, None
    ports: tuple[int, ...] = ()
    for number, payload in netlink.attributes(body):
        if number == _IFNAME:
            name = payload.text(_NAME_LIMIT)
        elif number == _MASTER:
            master = payload.u32()
        elif number == _LINK_NETNSID:
            peer = payload.i32()
        elif number == _LINKINFO:
            kind, ports = _info(payload)
    return Link(index, name, kind, bool(flags & LOOPBACK), master, peer, ports)


def address(body: Cursor) -> Address | None:
    """One RTM_NEWADDR; None where it has no address of 4 or 16 bytes. Raises Truncated.

    IFA_LOCAL is the interface's own address: IFA_ADDRESS is the peer's on point-to-point links.
    """
    _family, bits, _flags, _scope, ifindex = body.unpack(_ADDRESS)
    found: dict[int, bytes] = {}
    for number, payload in netlink.attributes(body):
        if number in (_IFA_ADDRESS, _IFA_LOCAL) and payload.left in (4, 16):
            found[number] = payload.take(payload.left)
    packed = found.get(_IFA_LOCAL) or found.get(_IFA_ADDRESS)
    return Address(ifindex, packed, bits) if packed else None


def nsid(body: Cursor) -> int:
    """The number in an RTM_NEWNSID, -1 for none. Raises Truncated."""
    body.skip(4)  # struct rtgenmsg, padded
    for number, payload in netlink.attributes(body):
        if number == _NETNSA_NSID:
            return payload.i32()
    return -1


def _info(payload: Cursor) -> tuple[str, tuple[int, ...]]:
    """IFLA_LINKINFO: the kind, and the ports in the data that only that kind can explain."""
    kind, data = "", None
    for number, part in netlink.attributes(payload):
        if number == _INFO_KIND:
            kind = part.text(_NAME_LIMIT)
        elif number == _INFO_DATA:
            data = part
    return kind, _ports(kind, data) if data else ()


def _ports(kind: str, data: Cursor) -> tuple[int, ...]:
    wanted, found = _PORTS.get(kind, ()), list(_FIXED.get(kind, ()))
    for number, payload in netlink.attributes(data):
        if number in wanted and payload.left >= 2:
            found.append(payload.be16())
    return tuple(dict.fromkeys(found))

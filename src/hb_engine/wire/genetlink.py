"""Generic netlink: the kernel's own services that tell their ports there, and IPsec's, which has a netlink of its own.

A family is looked up in the list of those that are there and never by name: asking for a name makes the kernel load a
module. WireGuard's answer holds its private key beside its port; only the port is read, and nothing is kept.

Sources: include/uapi/linux/{genetlink,wireguard,ovpn,fou,l2tp,mptcp_pm,xfrm}.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.wire import netlink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.cursor import Cursor

CONTROL = 16  # GENL_ID_CTRL
NEWSA, GETSA = 16, 18  # XFRM_MSG_*
_GETFAMILY, _FAMILY_ID, _FAMILY_NAME = 3, 1, 2
_HEADER = Struct("=BBxx")  # command, version
_WIREGUARD_GET, _WIREGUARD_IFINDEX, _WIREGUARD_PORT = 0, 1, 6
_FOU_GET, _FOU_PORT, _FOU_TYPE = 3, 1, 4
_L2TP_TUNNEL_GET, _L2TP_ENCAPSULATION, _L2TP_SOURCE_PORT = 4, 2, 26
_L2TP_WANTED = (_L2TP_ENCAPSULATION, _L2TP_SOURCE_PORT)
_MPTCP_GET_ADDRESS, _MPTCP_ENTRY, _MPTCP_PORT = 3, 1, 5
_OVPN_PEER_GET, _OVPN_IFINDEX, _OVPN_PEER, _OVPN_LOCAL_PORT = 3, 1, 2, 12
_USERSA_SIZE, _ENCAPSULATION = 224, 4  # struct xfrm_usersa_info; XFRMA_ENCAP
_NAME_LIMIT = 16


def families_request(sequence: int = 1) -> bytes:
    """All families that are there now."""
    return netlink.request(CONTROL, _HEADER.pack(_GETFAMILY, 1), sequence=sequence)


def family(body: Cursor) -> tuple[str, int]:
    """Name and number of one family. Raises Truncated."""
    name, number = "", 0
    for kind, payload in _attributes(body):
        if kind == _FAMILY_ID:
            number = payload.u16()
        elif kind == _FAMILY_NAME:
            name = payload.text(_NAME_LIMIT)
    return name, number


def wireguard_request(number: int, ifindex: int, sequence: int = 1) -> bytes:
    """One WireGuard device. Needs CAP_NET_ADMIN."""
    body = _HEADER.pack(_WIREGUARD_GET, 1) + netlink.attribute(_WIREGUARD_IFINDEX, Struct("=I").pack(ifindex))
    return netlink.request(number, body, sequence=sequence)


def wireguard_port(body: Cursor) -> int | None:
    """The port that a WireGuard device listens on (host order); None where the message has none. Raises Truncated."""
    return next((payload.u16() for kind, payload in _attributes(body) if kind == _WIREGUARD_PORT), None)


def ovpn_request(number: int, ifindex: int, sequence: int = 1) -> bytes:
    """The peers of one OpenVPN data channel device. Needs CAP_NET_ADMIN."""
    body = _HEADER.pack(_OVPN_PEER_GET, 1) + netlink.attribute(_OVPN_IFINDEX, Struct("=I").pack(ifindex))
    return netlink.request(number, body, sequence=sequence)


def ovpn_port(body: Cursor) -> int | None:
    """The local port through which a peer is reached; None where the message has none. Raises Truncated."""
    for kind, payload in _attributes(body):
        if kind == _OVPN_PEER:
            return next((part.be16() for n, part in netlink.attributes(payload) if n == _OVPN_LOCAL_PORT), None)
    return None


def fou_request(number: int, sequence: int = 1) -> bytes:
    """All FOU and GUE ports."""
    return netlink.request(number, _HEADER.pack(_FOU_GET, 1), sequence=sequence)


def fou_port(body: Cursor) -> tuple[int | None, str]:
    """A port and what it takes off: FOU or GUE. Raises Truncated."""
    port, kind = None, "FOU"
    for number, payload in _attributes(body):
        if number == _FOU_PORT:
            port = payload.be16()
        elif number == _FOU_TYPE and payload.u8() == 2:
            kind = "GUE"
    return port, kind


def l2tp_request(number: int, sequence: int = 1) -> bytes:
    """All L2TP tunnels. Needs CAP_NET_ADMIN."""
    return netlink.request(number, _HEADER.pack(_L2TP_TUNNEL_GET, 1), sequence=sequence)


def l2tp_port(body: Cursor) -> int | None:
    """The local UDP port of an L2TP tunnel (host order); None for one over IP. Raises Truncated."""
    found = {kind: payload.u16() for kind, payload in _attributes(body) if kind in _L2TP_WANTED}
    return found.get(_L2TP_SOURCE_PORT) if found.get(_L2TP_ENCAPSULATION, 0) == 0 else None


def mptcp_request(number: int, sequence: int = 1) -> bytes:
    """All addresses that MPTCP's path manager announces."""
    return netlink.request(number, _HEADER.pack(_MPTCP_GET_ADDRESS, 1), sequence=sequence)


def mptcp_port(body: Cursor) -> int | None:
    """The port of an announced address (host order), on which the kernel listens; None without. Raises Truncated."""
    for kind, payload in _attributes(body):
        if kind == _MPTCP_ENTRY:
            return next((part.u16() for number, part in netlink.attributes(payload) if number == _MPTCP_PORT), None)
    return None


def xfrm_request(sequence: int = 1) -> bytes:
    """All IPsec security associations. Needs CAP_NET_ADMIN."""
    return netlink.request(GETSA, bytes(_USERSA_SIZE), sequence=sequence)


def xfrm_ports(body: Cursor) -> tuple[int, ...]:
    """The UDP ports of an association's encapsulation (RFC 3948): source and destination. Raises Truncated."""
    body.skip(_USERSA_SIZE)
    for kind, payload in netlink.attributes(body):
        if kind == _ENCAPSULATION:
            payload.skip(2)  # the type of encapsulation
            return payload.be16(), payload.be16()
    return ()


def _attributes(body: Cursor) -> list[tuple[int, Cursor]]:
    body.skip(_HEADER.size)
    return list(netlink.attributes(body))

"""NETLINK_SOCK_DIAG: the questions that list a namespace's sockets, and the answers as Socket records.

The kernel filters by state before it answers, so that the cost follows listeners and not connections. Whether the
kernel chose a port is in no answer: it can only be asked for (INET_DIAG_BC_AUTO), so each table is asked twice, once
for each kind, and no row comes twice. The inet reader is the hot loop of a busy machine: one compiled struct reads a
whole row, attributes included, and a row whose shape differs is read slowly once, which teaches the shape. Nothing
here opens a socket, and nothing is made up: an attribute that is not there is None or empty.

Sources: sock_diag(7); include/uapi/linux/{inet_diag,sock_diag,packet_diag,vm_sockets_diag,xdp_diag}.h;
net/ipv4/inet_diag.c (inet_diag_msg_attrs_fill, inet_diag_bc_run), net/packet/diag.c.
"""

from __future__ import annotations

from _operator import itemgetter  # operator itself costs 0.3 ms more
from struct import Struct
from sys import byteorder

from hb_engine.model.errors import Truncated
from hb_engine.model.record import replace
from hb_engine.wire import netlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.socket_row import Socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from hb_engine.wire.cursor import Bytes

INET, INET6, PACKET, VSOCK, XDP = 2, 10, 17, 40, 44  # AF_*
TCP, UDP, DCCP, SCTP, UDPLITE, RAW, MPTCP = 6, 17, 33, 132, 136, 255, 262  # IPPROTO_*
ESTABLISHED, CLOSE, LISTEN, BOUND = 1 << 1, 1 << 7, 1 << 10, 1 << 13  # TCPF_*; BOUND_INACTIVE is new in Linux 6.8

_GETSOCK_BOTH, BY_FAMILY = 18, 20  # TCPDIAG_GETSOCK asks for both families at once, SOCK_DIAG_BY_FAMILY for one
_BYTECODE, _PROTOCOL = 1, 3  # INET_DIAG_REQ_*
_SKV6ONLY, _LOCALS, _CGROUP_ID, _SOCKOPT = 11, 12, 21, 22  # INET_DIAG_*
# Operations of the kernel's row filter: code, length where true, length where false. Ending behind the last says no.
_AUTO = Struct("=BBH").pack(6, 4, 8)
_NOT_AUTO = Struct("=BBHBBH").pack(6, 4, 8, 1, 4, 8)

_PEEK = Struct("=I12xB")  # nlmsg_len and idiag_family, right behind the header of 16 bytes
_HEAD = "=IHHI4x"
_ROWS = {  # struct inet_diag_msg: family, state, port, address, interface, cookie, uid, inode
    INET: "BBxxBBxx4s12x16xIII12xII",
    INET6: "BBxxBBxx16s16xIII12xII",
}
_ROW_SIZE = 16 + 72
_FAMILIES = {INET: "ipv4", INET6: "ipv6"}
_STREAM_STATES = {1: None, 7: "bound", 10: "listen", 13: "bound"}
_DATAGRAM_STATES = {1: "connected", 7: "unconnected"}
_STREAMS = (TCP, SCTP, DCCP, MPTCP)
_STORAGE = 128  # struct sockaddr_storage
_SHAPES_KEPT = 64
_EXTRAS = {_SKV6ONLY: ("B", 1), _CGROUP_ID: ("Q", 8), _SOCKOPT: ("B", 1)}
_PACKET, _VSOCK_ROW, _XDP_ROW = Struct("=BBHIII"), Struct("=BBBBIIIIIII"), Struct("=BBxxIII")
# The first byte of struct inet_diag_sockopt is bit fields, which compilers fill from the low or the high end.
_FREEBIND, _TRANSPARENT = (0x04, 0x20) if byteorder == "little" else (0x20, 0x04)
_FLAGS = tuple(
    ("transparent",) * bool(byte & _TRANSPARENT) + ("freebind",) * bool(byte & _FREEBIND) for byte in range(256)
)


def tcp_request(states: int, *, autobound: bool | None = None, sequence: int = 1) -> bytes:
    """TCP sockets of both families in some states (a mask of LISTEN, BOUND, ...); autobound None means either."""
    body = bytes(4 + 48) + Struct("=II").pack(states, 0) + _condition(autobound)
    return netlink.request(_GETSOCK_BOTH, body, sequence=sequence)


def inet_request(family: int, protocol: int, states: int, *, autobound: bool | None = None, sequence: int = 1) -> bytes:
    """Sockets of one family and protocol in some states. Protocols above 255 (MPTCP) travel in an attribute."""
    short = protocol if protocol < 256 else RAW
    body = Struct("=BBBBI48x").pack(family, short, 0, 0, states) + _condition(autobound)
    if short != protocol:
        body += netlink.attribute(_PROTOCOL, Struct("=I").pack(protocol))
    return netlink.request(BY_FAMILY, body, sequence=sequence)


def packet_request(sequence: int = 1) -> bytes:
    """Packet sockets with their interface, rings and filters (PACKET_SHOW_INFO, _RING_CFG, _FILTER)."""
    return netlink.request(
        BY_FAMILY, Struct("=BBHIIII").pack(PACKET, 0, 0, 0, 0x1 | 0x4 | 0x20, 0, 0), sequence=sequence
    )


def vsock_request(sequence: int = 1) -> bytes:
    """Vsock sockets that listen or are not connected."""
    return netlink.request(
        BY_FAMILY, Struct("=BBHIIIII").pack(VSOCK, 0, 0, LISTEN | CLOSE, 0, 0, 0, 0), sequence=sequence
    )


def xdp_request(sequence: int = 1) -> bytes:
    """AF_XDP sockets with the interface that they are bound to (XDP_SHOW_INFO)."""
    return netlink.request(BY_FAMILY, Struct("=BBHIIII").pack(XDP, 0, 0, 0, 1, 0, 0), sequence=sequence)


def connection_request(
    family: int, own: tuple[bytes, int], peer: tuple[bytes, int], protocol: int = TCP, sequence: int = 1
) -> bytes:
    """One connection, by its end's own address and port and its peer's: no list, a single answer or ENOENT."""
    (source, source_port), (goal, goal_port) = own, peer
    body = Struct("=BBBBI").pack(family, protocol, 0, 0, 0xFFFFFFFF) + Struct("!HH16s16s").pack(
        source_port, goal_port, source, goal
    )
    return netlink.request(
        BY_FAMILY, body + Struct("=III").pack(0, 0xFFFFFFFF, 0xFFFFFFFF), netlink.F_REQUEST, sequence
    )


def connection_owner(body: Cursor) -> int | None:
    """The uid of whoever holds one end of a connection; None where no socket holds it any more. Raises Truncated.

    What a program has closed lives on in the kernel for a while (FIN_WAIT, TIME_WAIT) with no inode, and with 0 in the
    place of its user: that is no root.
    """
    body.skip(4 + 48 + 12)  # family, state, timer, retrans; struct inet_diag_sockid; expires and both queues
    uid, inode = body.u32(), body.u32()
    return uid if inode else None


def _condition(autobound: bool | None) -> bytes:
    if autobound is None:
        return b""
    return netlink.attribute(_BYTECODE, _AUTO if autobound else _NOT_AUTO)


class _Shape:
    """How one kind of row lies in memory: its struct, what of it must be as it was, and where the extras are."""

    __slots__ = ("cgroup", "expected", "fixed", "size", "sockopt", "step", "unpack", "v6only")

    def __init__(self, data: Bytes, offset: int, length: int, family: int) -> None:
        """Learn the shape of the row of `length` bytes at `offset`. Raises Truncated where its attributes lie."""
        layout, index, place = _HEAD + _ROWS[family], 14, offset + _ROW_SIZE
        fixed, found = [0, 1, 2, 3, 4], {}
        for kind, payload in netlink.attributes(Cursor(data, place, offset + length)):
            code, size = _EXTRAS.get(kind, ("", 0))
            code, size = (code, size) if payload.left >= size else ("", 0)
            layout += f"{payload.offset - 4 - place}xI{code}{payload.left - size}x"
            fixed.append(index)
            found[kind] = index + 1 if code else 0
            index += 2 if code else 1
            place = payload.end
        compiled = Struct(f"{layout}{offset + length - place}x")
        self.size, self.step = compiled.size, (compiled.size + 3) & ~3
        self.unpack: Callable[[Bytes, int], tuple[Any, ...]] = compiled.unpack_from
        self.fixed: Callable[[tuple[Any, ...]], tuple[Any, ...]] = itemgetter(*fixed)
        self.cgroup, self.v6only = found.get(_CGROUP_ID, 0), found.get(_SKV6ONLY, 0)
        self.sockopt = found.get(_SOCKOPT, 0)
        self.expected = self.fixed(self.unpack(data, offset))


class InetReader:
    """Reads the answers to tcp_request and inet_request, datagram by datagram, into `rows`.

    Connected sockets are dropped, save UDP's. SCTP gives one row for each address of an endpoint, with the same inode.
    """

    __slots__ = ("_autobound", "_known", "_netns", "_protocol", "_sequence", "_shapes", "_transport", "rows")

    def __init__(
        self, transport: str, netns: int, *, protocol: int, autobound: bool = False, sequence: int = 1
    ) -> None:
        self._transport, self._netns, self._protocol = transport, netns, protocol
        self._autobound, self._sequence = autobound, sequence
        self._shapes: dict[tuple[int, int], _Shape] = {}
        self._known: dict[Any, Any] = {}  # addresses and cgroups repeat: one object for each
        self.rows: list[Socket] = []

    def feed(self, data: Bytes, size: int) -> bool:
        """Read the first `size` bytes of `data`; True when the dump is complete.

        Raises Truncated, Refused or Interrupted (wire.netlink); rows read before stay in `rows`.
        """
        shapes, peek, append, known, netns = self._shapes, _PEEK.unpack_from, self.rows.append, self._known, self._netns
        transport, autobound, protocol = self._transport, self._autobound, self._protocol
        states = _STREAM_STATES if protocol in _STREAMS else _DATAGRAM_STATES
        offset = 0
        while offset < size:
            shape = shapes.get(peek(data, offset)) if size - offset >= _ROW_SIZE else None
            row = shape.unpack(data, offset) if shape is not None and size - offset >= shape.size else ()
            if shape is None or not row or shape.fixed(row) != shape.expected:
                offset = self._other(data, offset, size)
                if offset < 0:
                    return True
                continue
            offset += shape.step
            state = states.get(row[5])
            if state is None:
                continue
            address, cgroup = row[8], row[shape.cgroup] if shape.cgroup else 0
            append(
                Socket(
                    transport,
                    _FAMILIES[row[4]],
                    known.setdefault(address, address),
                    row[6] << 8 | row[7],
                    state,
                    row[13],
                    netns,
                    row[10] | row[11] << 32,
                    row[12],
                    known.setdefault(cgroup, cgroup),
                    row[9],
                    row[shape.v6only] == 1 if shape.v6only else None,
                    autobound,
                    protocol,
                    _FLAGS[row[shape.sockopt]] if shape.sockopt else (),
                    "sock_diag",
                )
            )
        return False

    def _other(self, data: Bytes, offset: int, size: int) -> int:
        """Whatever the loop has no shape for: where to go on, or -1 at the end of the dump."""
        cursor = Cursor(data, offset, size)
        length, kind, flags, sequence, _port = cursor.unpack(netlink.HEADER)
        if length < netlink.HEADER.size:
            raise Truncated(f"a netlink message says that it is {length} bytes long")
        body = cursor.part(length - netlink.HEADER.size)
        following = min(offset + int(length + 3 & ~3), size)
        if sequence != self._sequence:
            return following
        netlink.refuse(kind, flags, body)
        if kind == netlink.DONE:
            return -1
        if kind not in (BY_FAMILY, _GETSOCK_BOTH):
            return following
        return offset if self._learn(data, offset, length) else following

    def _learn(self, data: Bytes, offset: int, length: int) -> bool:
        """Learn the row's shape, so that the loop can read it now; False for a row that is not for the loop."""
        if length < _ROW_SIZE:
            raise Truncated(f"a socket's row is {length} bytes long, {_ROW_SIZE} were promised")
        family = data[offset + 16]
        if family not in _ROWS:
            return False
        if self._protocol == SCTP:
            self.rows += self._endpoint(data, offset, length)
            return False
        if len(self._shapes) >= _SHAPES_KEPT:
            self._shapes.clear()
        self._shapes[_PEEK.unpack_from(data, offset)] = _Shape(data, offset, length, family)
        return True

    def _endpoint(self, data: Bytes, offset: int, length: int) -> list[Socket]:
        """An SCTP endpoint: it may have many addresses, in an attribute of sockaddr_storage structures."""
        shape = _Shape(data, offset, length, data[offset + 16])
        row = shape.unpack(data, offset)
        state = _STREAM_STATES.get(row[5])
        if state is None:
            return []
        own = [(_FAMILIES[row[4]], row[8])]
        cursor = Cursor(data, offset + _ROW_SIZE, offset + length)
        named = [pair for kind, payload in netlink.attributes(cursor) if kind == _LOCALS for pair in _storages(payload)]
        return [self._endpoint_row(shape, row, state, family, address) for family, address in named or own]

    def _endpoint_row(self, shape: _Shape, row: tuple[Any, ...], state: str, family: str, address: bytes) -> Socket:
        return Socket(
            transport=self._transport,
            family=family,
            address=address,
            port=row[6] << 8 | row[7],
            state=state,
            inode=row[13],
            netns=self._netns,
            cookie=row[10] | row[11] << 32,
            uid=row[12],
            cgroup=row[shape.cgroup] if shape.cgroup else 0,
            ifindex=row[9],
            v6only=row[shape.v6only] == 1 if shape.v6only else None,
            protocol=self._protocol,
            source="sock_diag",
        )


def _storages(payload: Cursor) -> list[tuple[str, bytes]]:
    """The addresses of an array of struct sockaddr_storage (RFC 3493 3.10); unknown families are passed over."""
    found = []
    while payload.left >= _STORAGE:
        one = payload.part(_STORAGE)
        family = one.u16()
        one.skip(2 if family == INET else 6)  # port; port and flow information
        if family in _FAMILIES:
            found.append((_FAMILIES[family], one.take(4 if family == INET else 16)))
    return found


def raw_rows(rows: list[Socket]) -> list[Socket]:
    """Rows of raw sockets, whose port is in truth an IP protocol; those that are connected hear one peer only."""
    return [replace(row, port=None, protocol=row.port or 0) for row in rows if row.state == "unconnected"]


def packet_row(body: Cursor, netns: int) -> tuple[Socket, bool]:
    """One packet socket, and whether its filter could be asked for (False without CAP_NET_ADMIN).

    The state is tap where it receives (a protocol is set), else unconnected: such a socket can only send.
    Flags: filter (a classic BPF program), ring (its packets are mapped into memory). Raises Truncated.
    """
    _family, _kind, protocol, inode, low, high = body.unpack(_PACKET)
    uid, ifindex, flags, seen = None, 0, [], True
    for kind, payload in netlink.attributes(body):
        if kind == 0:  # PACKET_DIAG_INFO: struct packet_diag_info begins with the interface
            ifindex = payload.u32()
        elif kind == 5:  # PACKET_DIAG_UID
            uid = payload.u32()
        elif kind in (2, 3) and "ring" not in flags:  # PACKET_DIAG_RX_RING, _TX_RING
            flags.append("ring")
        elif kind == 7:  # PACKET_DIAG_FILTER: empty, whether there is one or not, for those who may not know
            seen = payload.left > 0
            flags += ["filter"] if seen else []
    row = Socket(
        transport="packet",
        family="packet",
        address=b"",
        port=None,
        state="tap" if protocol else "unconnected",
        inode=inode,
        netns=netns,
        cookie=low | high << 32,
        uid=uid,
        ifindex=ifindex,
        protocol=protocol,
        flags=tuple(flags),
        source="sock_diag",
    )
    return row, seen


def vsock_row(body: Cursor, netns: int) -> Socket | None:
    """One vsock socket that listens, or is a bound datagram socket; None for others. Raises Truncated."""
    _family, kind, state, _shutdown, cid, port, _peer, _peer_port, inode, low, high = body.unpack(_VSOCK_ROW)
    word = {10: "listen", 7: "unconnected" if kind == 2 else None}.get(state)  # 2: SOCK_DGRAM
    if word is None:
        return None
    return Socket(
        transport="vsock",
        family="vsock",
        address=cid.to_bytes(4, "big"),
        port=port,
        state=word,
        inode=inode,
        netns=netns,
        cookie=low | high << 32,
        source="sock_diag",
    )


def xdp_row(body: Cursor, netns: int) -> Socket:
    """One AF_XDP socket: frames of an interface's queue go past the kernel to it. Raises Truncated."""
    _family, _kind, inode, low, high = body.unpack(_XDP_ROW)
    uid, ifindex = None, 0
    for kind, payload in netlink.attributes(body):
        if kind == 1:  # XDP_DIAG_INFO: ifindex, queue
            ifindex = payload.u32()
        elif kind == 2:  # XDP_DIAG_UID
            uid = payload.u32()
    return Socket(
        transport="packet",
        family="xdp",
        address=b"",
        port=None,
        state="tap",
        inode=inode,
        netns=netns,
        cookie=low | high << 32,
        uid=uid,
        ifindex=ifindex,
        flags=("xdp",),
        source="sock_diag",
    )

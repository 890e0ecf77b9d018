"""The local ports of every socket that NETLINK_SOCK_DIAG lists, in any state, and nothing else of them.

For comparing the kernel's lists with what the kernel does: a connection, a remnant in TIME_WAIT and a socket that is
only bound occupy a port as a listener does, so all of them count, and a busy machine has 100,000. Hence the narrow
reader beside that of wire.sock_diag.

Sources: sock_diag(7); include/uapi/linux/inet_diag.h; net/ipv4/inet_diag.c (the port of a request filters a dump).
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated
from hb_engine.wire import netlink
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.sock_diag import BY_FAMILY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.cursor import Bytes

ALL = 0xFFFFFFFF  # every state there is, BOUND_INACTIVE and those of later kernels included
_HEAD = Struct("=IHHI")  # length, type, flags, sequence
_ROW_SIZE = 16 + 72  # header and struct inet_diag_msg
_PORT = 16 + 4  # where the row's port stands, in network order


def request(family: int, protocol: int, port: int = 0, sequence: int = 1) -> bytes:
    """All sockets of a family and protocol; with `port` only those whose local port it is."""
    body = Struct("=BBBBI").pack(family, protocol, 0, 0, ALL) + Struct("!H").pack(port) + bytes(46)
    return netlink.request(BY_FAMILY, body, sequence=sequence)


class PortReader:
    """Reads the answers to `request`, datagram by datagram, into `ports`."""

    __slots__ = ("_sequence", "ports")

    def __init__(self, sequence: int = 1) -> None:
        self._sequence = sequence
        self.ports: set[int] = set()

    def feed(self, data: Bytes, size: int) -> bool:
        """Read the first `size` bytes; True when the dump is complete. Raises Truncated, Refused or Interrupted."""
        offset, add, peek, wanted = 0, self.ports.add, _HEAD.unpack_from, self._sequence
        while offset < size:
            length, kind, flags, number = peek(data, offset) if size - offset >= _HEAD.size else (0, 0, 0, 0)
            plain = kind == BY_FAMILY and number == wanted and not flags & netlink.F_DUMP_INTR
            if not plain or not _ROW_SIZE <= length <= size - offset:
                offset = self._other(data, offset, size)
                if offset < 0:
                    return True
                continue
            add(data[offset + _PORT] << 8 | data[offset + _PORT + 1])
            offset += (length + 3) & ~3
        return False

    def _other(self, data: Bytes, offset: int, size: int) -> int:
        """Whatever is no row: where to go on, or -1 at the end of the dump."""
        cursor = Cursor(data, offset, size)
        length, kind, flags, number, _port = cursor.unpack(netlink.HEADER)
        if length < netlink.HEADER.size:
            raise Truncated(f"a netlink message says that it is {length} bytes long")
        body = cursor.part(length - netlink.HEADER.size)
        if number == self._sequence:
            netlink.refuse(kind, flags, body)
            if kind in (netlink.DONE, netlink.ERROR):
                return -1
            if kind == BY_FAMILY:
                raise Truncated(f"a socket's row is {length} bytes long, {_ROW_SIZE} were promised")
        return min(offset + int(length + 3 & ~3), size)

"""A socket seen through somebody's descriptor: which network namespace it lives in, and what it is.

A socket stays in the namespace where it was made, wherever its holder goes, and vsock or AF_XDP sockets may be in no
table at all. So the descriptor itself is asked: duplicated with pidfd_getfd(2), questioned, and closed at once,
because a duplicate that stays open would keep a port open after its owner is gone. Nothing is ever read from the
socket or written to it. Its filter is not asked for either: SO_GET_FILTER counts in instructions, not in bytes, and
Python's getsockopt would let the kernel write behind its buffer.

Sources: pidfd_getfd(2), socket(7), ip(7), ipv6(7), vsock(7); include/uapi/linux/sockios.h (SIOCGSKNS).
"""

from __future__ import annotations

import _socket
import os
from sys import byteorder

from hb_engine.inventory.linux import syscalls
from hb_engine.model.errors import CannotLook
from hb_engine.wire.socket_row import Socket

SIOCGSKNS = 0x894C
_SOL_SOCKET, _SOL_IP, _SOL_IPV6 = 1, 0, 41
_SO_TYPE, _SO_REUSEPORT, _SO_ACCEPTCONN, _SO_PROTOCOL, _SO_DOMAIN, _SO_COOKIE, _SO_BINDTOIFINDEX = (
    3, 15, 30, 38, 39, 57, 62,
)  # fmt: skip
_IP_TRANSPARENT, _IPV6_V6ONLY, _IPV6_TRANSPARENT = 19, 26, 75
_INET, _INET6, _PACKET, _VSOCK, _XDP = 2, 10, 17, 40, 44
_FAMILIES = {_INET: "ipv4", _INET6: "ipv6", _PACKET: "packet", _VSOCK: "vsock", _XDP: "xdp"}
_TRANSPORTS = {6: "tcp", 17: "udp", 33: "dccp", 132: "sctp", 136: "udplite", 262: "tcp"}
_STREAM, _RAW = 1, 3
_MPTCP = 262
_VSOCK_ANY = 0xFFFFFFFF  # VMADDR_PORT_ANY
_SIOCGIFINDEX = 0x8933


def socket_netns(pid: int, fd: int) -> tuple[int, Socket | None]:
    """A new descriptor of the network namespace in which descriptor `fd` of process `pid` lives, and the socket.

    The socket is None where it can be no opening: another family, or not bound. Close the descriptor. Raises
    CannotLook: no right (CAP_SYS_PTRACE for the process, CAP_NET_ADMIN for the namespace), no such descriptor, not a
    socket, or a kernel before Linux 5.6.
    """
    import fcntl  # here, because only this rare question needs the shared library behind it

    copy = _borrow(pid, fd)
    try:
        netns = fcntl.ioctl(copy, SIOCGSKNS)
    except OSError as error:
        os.close(copy)
        raise CannotLook(f"descriptor {fd} of process {pid}: {error.strerror}", "run as root") from error
    try:
        return netns, _describe(copy, os.fstat(netns).st_ino)
    except OSError as error:
        os.close(netns)
        raise CannotLook(f"descriptor {fd} of process {pid}: {error.strerror or error}", "run hb again") from error
    finally:
        os.close(copy)


def _borrow(pid: int, fd: int) -> int:
    try:
        process = syscalls.pidfd_open(pid)
    except OSError as error:
        raise CannotLook(f"process {pid} cannot be looked at: {error.strerror}", "run as root") from error
    try:
        return syscalls.pidfd_getfd(process, fd)
    except OSError as error:
        raise CannotLook(f"descriptor {fd} of process {pid}: {error.strerror}", "run as root") from error
    finally:
        os.close(process)


def _describe(fd: int, netns: int) -> Socket | None:
    """The socket behind a descriptor of ours, which stays open. Raises OSError."""
    # Python takes the room for an address from the family, so names need the true one; but it lets no vsock be asked
    # for an option of eight bytes, so options are asked as if of an IPv4 socket. The kernel knows better in any case.
    options = _socket.socket(_INET, _STREAM, 0, fileno=fd)
    try:
        domain = options.getsockopt(_SOL_SOCKET, _SO_DOMAIN)
        names = _socket.socket(domain, _STREAM, 0, fileno=fd)
        try:
            return _row(options, names, domain, os.fstat(fd), netns)
        finally:
            names.detach()
    finally:
        options.detach()


def _row(
    options: _socket.socket, names: _socket.socket, domain: int, status: os.stat_result, netns: int
) -> Socket | None:
    kind, number = _option(options, _SO_TYPE), _option(options, _SO_PROTOCOL)
    transport = _transport(domain, kind, number)
    place = _place(names, domain, transport) if transport else None
    if place is None:
        return None
    address, port, protocol = place
    return Socket(
        transport=transport,
        family=_FAMILIES[domain],
        address=address,
        port=port,
        state=_state(options, names, transport, protocol),
        inode=status.st_ino,
        netns=netns,
        cookie=int.from_bytes(options.getsockopt(_SOL_SOCKET, _SO_COOKIE, 8), byteorder),
        uid=status.st_uid,
        ifindex=_interface(names) if domain == _PACKET else _option(options, _SO_BINDTOIFINDEX),
        v6only=bool(_option(options, _IPV6_V6ONLY, _SOL_IPV6)) if domain == _INET6 else None,
        protocol=protocol if protocol is not None else 6 if number == _MPTCP else number,
        flags=_flags(options, domain, number),
        source="descriptor",
    )


def _option(options: _socket.socket, name: int, level: int = _SOL_SOCKET) -> int:
    """A socket option, 0 where this family or kernel does not have it."""
    try:
        return options.getsockopt(level, name)
    except OSError:
        return 0


def _transport(domain: int, kind: int, number: int) -> str:
    """The transport, "" for sockets that are no openings."""
    if domain in (_INET, _INET6):
        return "raw" if kind == _RAW else _TRANSPORTS.get(number, "")
    return {_PACKET: "packet", _XDP: "packet", _VSOCK: "vsock"}.get(domain, "")


def _place(names: _socket.socket, domain: int, transport: str) -> tuple[bytes, int | None, int | None] | None:
    """Address, port and the protocol that stands in for a port; None for a socket that is not bound."""
    if domain == _XDP:
        return b"", None, None
    name = names.getsockname()
    if domain == _PACKET:
        return b"", None, name[1]
    if domain == _VSOCK:
        return None if name[1] == _VSOCK_ANY else (name[0].to_bytes(4, "big"), name[1], None)
    if transport != "raw" and not name[1]:
        return None
    address = _socket.inet_pton(domain, name[0])
    return address, None if transport == "raw" else name[1], None


def _state(options: _socket.socket, names: _socket.socket, transport: str, protocol: int | None) -> str:
    if transport == "packet":
        return "tap" if protocol != 0 else "unconnected"
    if _option(options, _SO_ACCEPTCONN):
        return "listen"
    try:
        names.getpeername()
    except OSError:
        return "unconnected" if transport in ("udp", "udplite", "raw") else "bound"
    return "connected"


def _interface(names: _socket.socket) -> int:
    """The number of a packet socket's interface, in its own namespace: by its name, asked of the socket itself."""
    import fcntl  # as above

    name = names.getsockname()[0].encode("utf-8", "surrogateescape")
    if not name:
        return 0
    try:
        answer = fcntl.ioctl(names.fileno(), _SIOCGIFINDEX, name.ljust(40, b"\0"))
    except OSError:  # renamed or gone since
        return 0
    return int.from_bytes(answer[16:20], byteorder)


def _flags(options: _socket.socket, domain: int, number: int) -> tuple[str, ...]:
    transparent = {_INET: (_SOL_IP, _IP_TRANSPARENT), _INET6: (_SOL_IPV6, _IPV6_TRANSPARENT)}.get(domain)
    flags: tuple[str, ...] = ("mptcp",) if number == _MPTCP and domain in (_INET, _INET6) else ()
    if transparent and _option(options, transparent[1], transparent[0]):
        flags += ("transparent",)
    if _option(options, _SO_REUSEPORT):
        flags += ("reuseport",)
    return (*flags, "xdp") if domain == _XDP else flags

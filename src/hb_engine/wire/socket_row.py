"""A socket as the kernel lists it, whichever interface it was read from: sock_diag, /proc/net or a descriptor."""

from __future__ import annotations

from hb_engine.model.record import record

STATES = ("listen", "bound", "unconnected", "connected", "tap")


@record
class Socket:
    """One socket that may be an opening.

    `address` is packed, network order (4 or 16 bytes; for vsock the CID in 4 bytes; for packet sockets empty);
    `port` is None where the transport has none (raw: the IP protocol stands in `protocol`, packet: the ethertype).
    """

    transport: str  # as in model.endpoint.TRANSPORTS
    family: str  # ipv4, ipv6, packet, vsock, xdp (whose transport is packet)
    address: bytes
    port: int | None
    state: str  # one of STATES; a raw socket that hears everybody is unconnected, tap is for packet sockets
    inode: int
    netns: int  # inode of the network namespace it lives in
    cookie: int = 0
    uid: int | None = None
    cgroup: int = 0  # id of the cgroup at socket(2); 0 where the kernel does not say
    ifindex: int = 0  # SO_BINDTODEVICE, or the packet socket's interface
    v6only: bool | None = None
    autobound: bool = False  # the kernel chose the port
    protocol: int = 0
    flags: tuple[str, ...] = ()  # mptcp, transparent, freebind, filter, ring, xdp, reuseport (from a descriptor only)
    source: str = ""  # sock_diag, proc, descriptor

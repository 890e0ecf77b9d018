"""Where something can be reached: transport, address, port, and how far that address reaches.

Exposure is an ordered lattice: loopback < link < private < public. A wildcard bind is public unless a device narrows
it. Addresses are judged by their bytes (4 or 16, network order), so that nothing here parses text or asks the system.
"""

from __future__ import annotations

from hb_engine.model.record import record

TRANSPORTS = ("tcp", "udp", "udplite", "sctp", "dccp", "raw", "packet", "vsock")
SCOPES = ("loopback", "link", "private", "public")
KINDS = ("listener", "bound", "forward", "redirect", "tap", "tunnel", "activation", "kernel", "bpf")
MAPPED = bytes(10) + b"\xff\xff"  # ::ffff:0:0/96, RFC 4291 2.5.5.2


@record
class Endpoint:
    """A transport address. `address` is text as inet_ntop writes it; `port` is None where the transport has none."""

    transport: str
    address: str
    port: int | None


def scope_of(address: bytes) -> str:
    """How far an address of 4 or 16 bytes reaches. An unspecified (wildcard) address is public."""
    if len(address) == 16:
        return _scope_of_ipv4(address[12:]) if address.startswith(MAPPED) else _scope_of_ipv6(address)
    return _scope_of_ipv4(address)


def widest(scopes: tuple[str, ...] | list[str]) -> str:
    """The widest of some scopes; loopback for none."""
    return max(scopes, key=SCOPES.index, default="loopback")


def narrower(left: str, right: str) -> str:
    """The narrower of two scopes."""
    return min(left, right, key=SCOPES.index)


def _scope_of_ipv4(address: bytes) -> str:
    """RFC 1122 (127/8), 3927 (169.254/16), 1918, 6598 (100.64/10), 5771 (224.0.0/24), 2365 (239/8)."""
    first, second = address[0], address[1]
    if first == 127:
        return "loopback"
    if (first, second) == (169, 254) or address[:3] == b"\xe0\x00\x00":
        return "link"
    if first == 10 or (first, second) == (192, 168) or first == 239:
        return "private"
    if (first == 172 and second & 0xF0 == 16) or (first == 100 and second & 0xC0 == 64):
        return "private"
    return "public"


def _scope_of_ipv6(address: bytes) -> str:
    """RFC 4291 (::1, fe80::/10), 4193 (fc00::/7), 4007 and 7346 (multicast scopes 1, 2, 3 to 8)."""
    first, second = address[0], address[1]
    if address == bytes(15) + b"\x01":
        return "loopback"
    if first == 0xFE and second & 0xC0 == 0x80:
        return "link"
    if first == 0xFF:
        reach = second & 15
        return "loopback" if reach == 1 else "link" if reach == 2 else "private" if reach <= 8 else "public"
    return "private" if first & 0xFE == 0xFC or (first == 0xFE and second & 0xC0 == 0xC0) else "public"

"""IP headers in both versions, their checksum, and the packet that an ICMP error quotes.

The quoted packet is a stranger's word for what we sent: it is read with bounds, and whoever uses it compares the
sequence number with the one that only we know. No fragments, no extension headers: we send neither.

Sources: RFC 791 3.1; RFC 1071; RFC 8200 3; RFC 792; RFC 4443 3; RFC 1812 4.3.2.3 (at least 8 bytes are quoted).
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.record import record

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
HOPS = 64
_V4 = Struct("!BBHHHBBH4s4s")
_V6 = Struct("!IHBB16s16s")
_QUOTE = Struct("!HHI")  # source port, destination port, sequence number (or length and checksum)
# (type, code) of an ICMP error to the reason in nmap's words; what is not listed is the type's own, last.
_V4_REASONS: dict[tuple[int, int] | int, str] = {
    (3, 0): "net-unreach",
    (3, 1): "host-unreach",
    (3, 2): "proto-unreach",
    (3, 3): "port-unreach",
    (3, 6): "net-unreach",
    (3, 7): "host-unreach",
    (3, 9): "admin-prohibited",
    (3, 10): "admin-prohibited",
    (3, 13): "admin-prohibited",
    3: "host-unreach",
    11: "time-exceeded",
}
_V6_REASONS: dict[tuple[int, int] | int, str] = {
    (1, 0): "net-unreach",
    (1, 1): "admin-prohibited",
    (1, 3): "host-unreach",
    (1, 4): "port-unreach",
    (1, 5): "admin-prohibited",
    (1, 6): "admin-prohibited",
    1: "host-unreach",
    3: "time-exceeded",
}


@record
class Quoted:
    """What an ICMP error says, and of which packet: `number` is the sequence number of a TCP segment."""

    reason: str
    target: bytes
    protocol: int
    source_port: int
    target_port: int
    number: int


def total(data: bytes) -> int:
    """The sum of 16-bit words, modulo 65535 (RFC 1071). An odd last byte counts as if a zero followed."""
    if len(data) % 2:
        data += b"\0"
    return int(sum(Struct(f"!{len(data) // 2}H").unpack(data))) % 65535


def header(source: bytes, target: bytes, protocol: int, size: int) -> bytes:
    """The header of a packet with `size` bytes of payload; addresses of 4 or 16 bytes, both of one family."""
    if len(source) == 16:
        return _V6.pack(6 << 28, size, protocol, HOPS, source, target)
    bare = _V4.pack(0x45, 0, 20 + size, 0, 0x4000, HOPS, protocol, 0, source, target)
    return bare[:10] + (65535 - total(bare)).to_bytes(2, "big") + bare[12:]


def reason_of(kind: int, code: int, *, version: int) -> str | None:
    """What an ICMP (version 4) or ICMPv6 (6) error of this type and code means; None for what is no error."""
    reasons = _V4_REASONS if version == 4 else _V6_REASONS
    return reasons.get((kind, code)) or reasons.get(kind)


def quoted(message: bytes, *, version: int) -> Quoted | None:
    """What an ICMP (version 4) or ICMPv6 (6) error message quotes; None where it is no error, or quotes too little."""
    if len(message) < 8:
        return None
    reason = reason_of(message[0], message[1], version=version)
    if reason is None:
        return None
    packet = message[8:]
    if version == 4:
        length = (packet[0] & 15) * 4 if packet[:1] else 0
        if length < 20 or len(packet) < length + 8:
            return None
        protocol, target = packet[9], packet[16:20]
    else:
        length = 40
        if len(packet) < 48:
            return None
        protocol, target = packet[6], packet[24:40]
    source_port, target_port, number = _QUOTE.unpack_from(packet, length)
    return Quoted(reason, target, protocol, source_port, target_port, number)

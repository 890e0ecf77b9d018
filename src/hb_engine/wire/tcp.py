"""TCP segments as a scanner needs them: a SYN in pieces that only a port and a number complete, over IPv4 and IPv6.

A SYN without options is dropped by many firewalls, so ours has those of an ordinary client: MSS, SACK, timestamps and
window scale. Everything but destination port, sequence number and checksum is the same for one target, which makes a
frame one call of Struct.pack_into. Nothing here sends.

Sources: RFC 9293 3.1, RFC 7323, RFC 2018; RFC 791; RFC 8200 3 and 8.1.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.record import record
from hb_engine.wire.ip import TCP, header, total

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
WINDOW = 64240
HEADER = 40  # bytes of our SYN: 20, and as many of options
# MSS 1460, SACK permitted, timestamp (filled in), no operation, window scale 7
_OPTIONS = b"\x02\x04\x05\xb4\x04\x02\x08\x0a%b\0\0\0\0\x01\x03\x03\x07"
_MIDDLE = Struct("!IBBH")  # acknowledgement, data offset, flags, window


MIDDLE = _MIDDLE.pack(0, HEADER // 4 << 4, SYN, WINDOW)  # what stands between the number and the checksum
LAYOUT = f"HHI{len(MIDDLE)}sH"  # behind the IP header: both ports, number, MIDDLE, checksum; then the tail


@record
class Syn:
    """A SYN to one target, in pieces: the IP header, then LAYOUT, then `tail`.

    `base` is the sum, modulo 65535, of all that the checksum covers and that does not change.
    """

    head: bytes
    tail: bytes
    base: int

    def packed(self, source_port: int, port: int, number: int) -> bytes:
        """The whole packet, IP header included."""
        check = checksum(self.base + source_port, port, number)
        return self.head + Struct("!" + LAYOUT).pack(source_port, port, number, MIDDLE, check) + self.tail


def syn(source: bytes, target: bytes, stamp: int = 1) -> Syn:
    """A SYN from `source` to `target` (packed addresses of one family); `stamp` is its timestamp value."""
    tail = b"\0\0" + _OPTIONS % stamp.to_bytes(4, "big")
    base = total(source + target + Struct("!HH").pack(TCP, HEADER) + MIDDLE + tail)
    return Syn(header(source, target, TCP, HEADER), tail, base)


def checksum(base: int, port: int, number: int) -> int:
    """The checksum of a segment of which `base` is the sum of everything else (RFC 1071, ones' complement)."""
    return 65535 - (base + port + (number >> 16) + (number & 0xFFFF)) % 65535

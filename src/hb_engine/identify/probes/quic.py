"""QUIC, on which HTTP/3 stands: a packet of a version that nobody speaks, and the list of those that the server does.

A server has to answer with Version Negotiation, and give our connection ids back: that is the proof (RFC 8999 6,
RFC 9000 6 and 15). Nothing is opened by it. What runs inside is not asked: on 443 it is HTTP/3, on 853 DNS.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("quic", udp=(443, 8443, 784, 4433), names=("http3", "h3", "http3-quic", "doq", "dns-over-quic"))
SMALLEST = 1200  # bytes of a first datagram; less may be dropped (RFC 9000 14.1)
NOBODYS = 0x1A2A3A4A  # of the pattern that is kept for exercising negotiation (RFC 9000 15)
KNOWN = {1: "v1", 0x6B3343CF: "v2"}
MOST = 64  # versions


def talk(peer: Peer) -> Talk:
    """One long packet with both connection ids from the nonce."""
    ours, theirs = peer.nonce[:8], peer.nonce[8:16]
    head = b"\xc0" + NOBODYS.to_bytes(4, "big") + b"\x08" + theirs + b"\x08" + ours
    reply = yield Ask(head + bytes(SMALLEST - len(head)))
    try:
        versions = _versions(Cursor(reply), ours, theirs)
    except Truncated:
        return None
    if not versions:
        return None
    listed = ", ".join(versions)
    return Identity(
        "quic",
        info=f"QUIC {listed}"[:200],
        proof="nonce",
        evidence="Version Negotiation with our connection ids",
        facts=(("versions", listed[:200]),),
    )


def _versions(cursor: Cursor, ours: bytes, theirs: bytes) -> list[str]:
    """The versions of a Version Negotiation packet that is an answer to us; none if it is not one."""
    first, version = cursor.u8(), cursor.be32()
    if not first & 0x80 or version or cursor.take(cursor.u8()) != ours or cursor.take(cursor.u8()) != theirs:
        return []
    if not cursor.left or cursor.left % 4:
        return []
    numbers = [cursor.be32() for _ in range(min(cursor.left // 4, MOST))]
    return [_name(number) for number in numbers if number & 0x0F0F0F0F != 0x0A0A0A0A] or ["none that is known"]


def _name(number: int) -> str:
    """v1, v2, draft-29, Q046, or the number."""
    if number in KNOWN:
        return KNOWN[number]
    if number >> 8 == 0xFF0000:
        return f"draft-{number & 0xFF}"
    letters = number.to_bytes(4, "big")
    return letters.decode() if letters[:1] in b"QT" and letters[1:].isdigit() else f"{number:#010x}"

"""Diameter on TCP 3868, inside TLS on 5868: capabilities are exchanged, and strangers refused (RFC 6733 5.3).

Its two identifiers come back. We name ourselves hb.invalid, which no peer table knows, and offer the relay application
only; whatever it says, we leave.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("diameter", tcp=(3868,), tls=(5868,), names=("diameters",), anywhere=False)
CAPABILITIES = b"\0\1\1"  # command 257
REQUEST, ERROR = 0x80, 0x20
RELAY = b"\xff\xff\xff\xff"
HOST, REALM, HOST_ADDRESS, VENDOR, PRODUCT, APPLICATION, RESULT, FIRMWARE = 264, 296, 257, 266, 269, 258, 268, 267


def talk(peer: Peer) -> Talk:
    """Capabilities-Exchange-Request; the answer has the same command without the request's flag."""
    identifiers = peer.nonce[:8]
    body = (
        _avp(HOST, b"hb-engine.hb.invalid")
        + _avp(REALM, b"hb.invalid")
        + _avp(HOST_ADDRESS, b"\0\1\x7f\0\0\1")
        + _avp(VENDOR, bytes(4))
        + _avp(PRODUCT, b"hb-engine", flags=0)
        + _avp(APPLICATION, RELAY)
    )
    head = b"\1" + (20 + len(body)).to_bytes(3, "big") + bytes([REQUEST]) + CAPABILITIES + bytes(4) + identifiers
    reply = bytes((yield Ask(head + body, until=framed(1, 3))))
    if len(reply) < 20 or reply[0] != 1 or int.from_bytes(reply[1:4], "big") != len(reply):
        return None
    if reply[4] & REQUEST or reply[5:8] != CAPABILITIES or reply[12:20] != identifiers:
        return None
    told = _avps(reply)
    code, firmware = (int.from_bytes(told.get(kind, b"")[:4], "big") for kind in (RESULT, FIRMWARE))
    return Identity(
        "diameter",
        text(told.get(PRODUCT, b"")),
        info=", ".join(part for part in (f"firmware {firmware}" if firmware else "", f"result {code}") if part),
        hostname=text(told.get(HOST, b"")),
        proof="nonce",
        evidence=f"capabilities with our identifiers, result {code}",
        guarded=code != 2001,
    )


def _avp(kind: int, value: bytes, flags: int = 0x40) -> bytes:
    head = kind.to_bytes(4, "big") + bytes([flags]) + (8 + len(value)).to_bytes(3, "big")
    return head + value + bytes(-len(value) & 3)


def _avps(reply: bytes) -> dict[int, bytes]:
    """Attributes without a vendor, by code (RFC 6733 4.1)."""
    at, told = 20, dict[int, bytes]()
    while at + 8 <= len(reply):
        size = int.from_bytes(reply[at + 5 : at + 8], "big")
        if size < 8 or at + size > len(reply):
            break
        if not reply[at + 4] & 0x80:
            told.setdefault(int.from_bytes(reply[at : at + 4], "big"), reply[at + 8 : at + size])
        at += size + (-size & 3)
    return told

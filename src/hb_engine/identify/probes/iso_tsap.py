"""ISO transport over TCP 102 (RFC 1006, RFC 905), below Siemens S7 and MMS: one connection request, no more.

Controllers are fragile: it is asked only where a person said so, once, and nothing is read or written behind it. RDP
speaks X.224 in the same envelope, but never repeats the TSAPs that we name.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, framed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("iso-tsap", tcp=(102,), names=("s7comm", "iso-tsap-c2"), care="asked", anywhere=False)
PARAMETERS = b"\xc0\1\x0a\xc1\2\1\0\xc2\2\1\2"  # TPDU of 1024 bytes, source and destination TSAP of a rack's CPU
REQUEST, CONFIRM, DISCONNECT = 0xE0, 0xD0, 0x80
TSAPS = (0xC1, 0xC2)


def talk(peer: Peer) -> Talk:
    """A connection request; our reference must come back as the destination."""
    reference = peer.nonce[:2]
    body = bytes([REQUEST, 0, 0]) + reference + b"\0" + PARAMETERS
    reply = bytes(
        (yield Ask(b"\3\0" + (5 + len(body)).to_bytes(2, "big") + bytes([len(body)]) + body, until=framed(2, 2)))
    )
    if len(reply) < 11 or reply[:2] != b"\3\0" or int.from_bytes(reply[2:4], "big") != len(reply):
        return None
    if reply[4] != len(reply) - 5 or reply[6:8] != reference:
        return None
    if reply[5] == DISCONNECT:
        return Identity(
            "iso-tsap", info="refuses our TSAPs", proof="nonce", evidence="a disconnection with our reference"
        )
    if reply[5] & 0xF0 != CONFIRM or not any(kind in TSAPS for kind in _parameters(reply)):
        return None
    return Identity("iso-tsap", proof="nonce", evidence="a connection confirmation with our reference")


def _parameters(reply: bytes) -> list[int]:
    """The codes of the variable part."""
    at, kinds = 11, list[int]()
    while at + 2 <= len(reply):
        kinds.append(reply[at])
        at += 2 + reply[at + 1]
    return kinds

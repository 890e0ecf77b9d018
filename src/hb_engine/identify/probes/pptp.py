"""PPTP on TCP 1723: a request for a control connection (RFC 2637 2.1, 2.2). No call is made.

The answer has a fixed form with host name, vendor and firmware revision.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("pptp", tcp=(1723,))
SIZE = 156
COOKIE = b"\x1a\x2b\x3c\x4d"
REQUEST, REPLY = b"\0\1", b"\0\2"
CONTROL = b"\0\x9c\0\1" + COOKIE  # length, control message, magic cookie


def talk(peer: Peer) -> Talk:
    """Start-Control-Connection-Request, version 1.0, both framings and bearers, no channels."""
    head = CONTROL + REQUEST + b"\0\0\1\0\0\0" + b"\0\0\0\3" * 2 + bytes(4)
    names = b"hb-engine".ljust(64, b"\0") * 2
    reply = bytes((yield Ask(head + names, until=at_least(SIZE))))
    if len(reply) != SIZE or reply[:10] != CONTROL + REPLY:
        return None
    return Identity(
        "pptp",
        text(reply[92:156].partition(b"\0")[0]),
        info=f"firmware {int.from_bytes(reply[26:28], 'big')}",
        hostname=text(reply[28:92].partition(b"\0")[0]),
        evidence=f"Start-Control-Connection-Reply, result {reply[14]}",
        guarded=reply[14] != 1,
    )

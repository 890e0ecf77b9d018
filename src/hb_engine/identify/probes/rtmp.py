"""RTMP on TCP 1935, inside TLS as RTMPS: the simple handshake (Adobe RTMP 1.0, 5.2).

The server's S2 repeats our 1528 random bytes: that is the proof. We leave before anything is connected or published.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("rtmp", tcp=(1935,), names=("rtmps", "macromedia-fcs"))
VERSION = b"\3"
PART = 1536  # bytes of C1, S1 and S2


def talk(peer: Peer) -> Talk:
    """C0 and C1; the answer is S0, S1 and S2, or S0 and S1 of a server that waits for C2."""
    random = (peer.nonce * 96)[: PART - 8]
    reply = bytes((yield Ask(VERSION + bytes(8) + random, until=at_least(1 + 2 * PART), wait=3)))
    if reply[:1] != VERSION or len(reply) not in (1 + PART, 1 + 2 * PART):
        return None
    echoed = reply[1 + PART + 8 :] == random
    if len(reply) > 1 + PART and not echoed:
        return None
    if not echoed and (reply[5:9] != bytes(4) or reply[9:] == random):
        return None  # S1 has four zeros (5.2.3) and random bytes of its own: an echo has ours
    return Identity(
        "rtmp",
        proof="nonce" if echoed else "structure",
        evidence="version 3, S2 repeats our bytes" if echoed else "version 3, S1 of 1536 bytes",
    )

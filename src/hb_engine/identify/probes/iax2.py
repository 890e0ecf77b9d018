"""IAX2, between Asterisk servers and telephones, on UDP 4569: POKE, answered with PONG (RFC 5456 6.7).

Our call number comes back as the destination. The answer is acknowledged, since it would be repeated otherwise. No call
is made and nobody registers.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("iax2", udp=(4569,), names=("iax",), anywhere=False)
IAX, PONG, ACK, POKE = 6, 0x03, 0x04, 0x1E


def talk(peer: Peer) -> Talk:
    """POKE, and an acknowledgement."""
    call = (int.from_bytes(peer.nonce[:2], "big") & 0x7FFF) or 1
    reply = bytes((yield Ask(_frame(call, 0, bytes(6), POKE))))
    if len(reply) < 12 or not reply[0] & 0x80 or reply[10:12] != bytes([IAX, PONG]):
        return None
    if int.from_bytes(reply[2:4], "big") & 0x7FFF != call:
        return None
    theirs = int.from_bytes(reply[:2], "big") & 0x7FFF
    yield Ask(_frame(call, theirs, reply[4:8] + b"\1\1", ACK), wait=0.05)
    return Identity("iax2", proof="nonce", evidence="PONG to our call number")


def _frame(source: int, destination: int, stamp: bytes, subclass: int) -> bytes:
    """A full frame (RFC 5456 8.1.1); stamp is the time stamp with both sequence numbers behind it."""
    numbers = (source | 0x8000).to_bytes(2, "big") + destination.to_bytes(2, "big")
    return numbers + stamp + bytes([IAX, subclass])

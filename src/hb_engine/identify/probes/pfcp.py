"""PFCP, between control and user planes of mobile networks, on UDP 8805: Heartbeat Request (3GPP TS 29.244, 7.4.2).

Its sequence number comes back with the time at which the node started. No association is set up.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("pfcp", udp=(8805,), anywhere=False)
REQUEST, RESPONSE = 1, 2
RECOVERY = b"\0\x60\0\4"  # recovery time stamp, four bytes
NTP_TO_UNIX = 2208988800


def talk(peer: Peer) -> Talk:
    """A heartbeat that says when we started: now."""
    number = peer.nonce[:3]
    since = (peer.now + NTP_TO_UNIX & 0xFFFFFFFF).to_bytes(4, "big")
    reply = bytes((yield Ask(bytes([0x20, REQUEST, 0, 12]) + number + b"\0" + RECOVERY + since)))
    if len(reply) < 16 or reply[0] & 0xE1 != 0x20 or reply[1] != RESPONSE or reply[4:7] != number:
        return None
    if int.from_bytes(reply[2:4], "big") != len(reply) - 4 or reply[8:12] != RECOVERY:
        return None
    return Identity("pfcp", proof="nonce", evidence="a heartbeat with our sequence number")

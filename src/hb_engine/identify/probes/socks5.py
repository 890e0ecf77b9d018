"""SOCKS 5 on TCP 1080, Tor's on 9050: the greeting that offers ways to authenticate (RFC 1928 3).

No way is gone, no address is ever asked for: the connection ends behind the answer of two bytes.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe, at_least

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("socks5", tcp=(1080, 9050, 9150), names=("socks",))
OFFER = b"\5\1\0"  # one method: no authentication
TOLD = {0: "no authentication", 0xFF: "wants authentication"}
TOR = b"Tor is not an HTTP Proxy"


def talk(peer: Peer) -> Talk:
    """The greeting; exactly two bytes come back: the method that we offered, or that it is not acceptable."""
    reply = bytes((yield Ask(OFFER, until=at_least(2))))
    if len(reply) != 2 or reply[0] != 5 or reply[1] not in TOLD:
        return None
    told = TOLD[reply[1]]
    return Identity(
        "socks5", info=told, proof="pattern", evidence=f"method {reply[1]:#04x}: {told}", guarded=reply[1] > 0
    )


def hint(reply: bytes) -> bool:
    """What Tor's SOCKS port says to an HTTP request."""
    return TOR in reply

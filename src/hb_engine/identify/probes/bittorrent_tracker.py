"""BitTorrent trackers on UDP, often 6969: a request for a connection id (BEP 15).

Our transaction id comes back. Nothing is announced and nothing scraped.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Identity, Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("bittorrent-udp-tracker", udp=(6969,), anywhere=False)
PROTOCOL = b"\0\0\4\x17\x27\x10\x19\x80"
CONNECT = bytes(4)


def talk(peer: Peer) -> Talk:
    """Connect; the answer is action 0, our id and a connection id."""
    transaction = peer.nonce[:4]
    reply = bytes((yield Ask(PROTOCOL + CONNECT + transaction)))
    if len(reply) != 16 or reply[:8] != CONNECT + transaction:
        return None
    return Identity("bittorrent-udp-tracker", proof="nonce", evidence="a connection for our transaction id")

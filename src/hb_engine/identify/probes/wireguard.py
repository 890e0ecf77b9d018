"""WireGuard on UDP, often 51820: it cannot be known from outside (whitepaper, section 5.3).

Silence to strangers is a design goal of the protocol: a handshake whose MAC is not made with the peer's public key gets
no answer.
"""

from __future__ import annotations

from hb_engine.identify.kit import Peer, Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe(
    "wireguard",
    udp=(51820,),
    anywhere=False,
    unprovable="WireGuard answers no packet that is not authenticated with a key that it knows.",
)


def talk(_peer: Peer) -> Talk:
    """Ask nothing, and say nothing."""
    yield from ()
    return None

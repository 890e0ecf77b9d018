"""Echo (RFC 862), on TCP and UDP: what is sent comes back, and nothing else.

The bytes are made of the nonce. Two rounds are asked for on TCP, since a server that repeats a line once may have been
complaining about it.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("echo", tcp=(7,), udp=(7,))


def talk(peer: Peer) -> Talk:
    """Two lines, each of which comes back as it is."""
    for part in (peer.nonce[:8], peer.nonce[8:]):
        line = b"hb-engine-" + part.hex().encode() + b"\r\n"
        if (yield Ask(line, until=at_least(len(line)))) != line:
            return None
    return Identity("echo", proof="nonce", evidence="two lines of ours came back, and nothing else")


def hint(reply: bytes) -> bool:
    """A request that comes back."""
    return reply.startswith(b"GET /") and b"HTTP/1" in reply[:2048]

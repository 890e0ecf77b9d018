"""Time (RFC 868): four bytes, the seconds since 1900, and the server closes; on UDP a datagram asks for them.

Any four bytes would look like it, so they have to be within a day of our own clock. What has a clock that is wrong by
more is not named. The inetd of GNU inetutils sends four zeros behind them on 64-bit machines: the size of its long.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, at_least
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("time", tcp=(37,), udp=(37,), speaks="server", names=("rdate",))
EPOCH = 2208988800  # seconds from 1900 to 1970
DAY = 86400


def talk(peer: Peer) -> Talk:
    """Only listen, until the server closes; on UDP any datagram asks, and one is the answer."""
    udp = peer.transport == "udp"
    heard = yield Ask(b"\n", None) if udp else Ask(until=at_least(9))
    ended = "" if udp else "closed"
    if len(heard) not in (4, 8) or any(heard[4:]) or heard.ended != ended or not peer.now:
        return None
    ahead = int.from_bytes(heard[:4], "big") - EPOCH - peer.now
    if abs(ahead) > DAY:
        return None
    return Identity("time", evidence=f"four bytes, {abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'} our clock")

"""The mount daemon of NFS (RFC 1813 appendix I): program 100005, on ports that the port mapper knows; often 20048.

It is asked for nothing but the versions it speaks. No export is listed, no path is mounted.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.identity import Identity
from hb_engine.wire import oncrpc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("mountd", tcp=(20048,), udp=(20048,), anywhere=False)
PROGRAM = 100005


def talk(peer: Peer) -> Talk:
    """NULL of version 0, which is answered with the versions there are."""
    stream = peer.transport != "udp"
    xid = peer.nonce[:4]
    call = oncrpc.call(xid, PROGRAM, 0, stream=stream)
    told = oncrpc.reply((yield Ask(call, until=oncrpc.whole if stream else None)), xid, stream=stream)
    if told is None or told.state == "program unavailable":
        return None
    return Identity(
        "mountd",
        info=f"versions {told.low}-{told.high}" if told.state == "program mismatch" else "",
        proof="nonce",
        evidence=f"RPC reply to program {PROGRAM}: {told.state}",
        guarded=not told.accepted,
    )

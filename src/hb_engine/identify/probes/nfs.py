"""NFS (RFC 1813, RFC 8881): program 100003. NULL of a version that nobody speaks is answered with those it does speak.

No file handle is asked for and nothing is mounted. Version 1 never left its laboratory, so the mismatch is certain.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.identity import Identity
from hb_engine.wire import oncrpc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nfs", tcp=(2049,), udp=(2049,), names=("nfsd",))
PROGRAM = 100003


def talk(peer: Peer) -> Talk:
    """NULL of version 1, and of version 3 where that one is not answered."""
    stream = peer.transport != "udp"
    until = oncrpc.whole if stream else None
    xid = peer.nonce[:4]
    told = oncrpc.reply((yield Ask(oncrpc.call(xid, PROGRAM, 1, stream=stream), until=until)), xid, stream=stream)
    if told is None or told.state == "program unavailable":
        return None
    versions = ""
    if told.state == "program mismatch":
        versions = f"{told.low}-{told.high}" if told.low != told.high else str(told.low)
    return Identity(
        "nfs",
        info=f"versions {versions}" if versions else "",
        proof="nonce",
        evidence=f"RPC reply to program {PROGRAM}: {told.state}",
        guarded=not told.accepted,
    )

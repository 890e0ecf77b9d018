"""Gearman's job server: an echo in its binary protocol brings our own bytes back, then `version` tells the version.

No job is submitted and nothing registered. Specification: Gearman, PROTOCOL (ECHO_REQ 16, ECHO_RES 17; administration).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("gearman", tcp=(4730,), names=("gearmand",))
ECHO_REQ, ECHO_RES = b"\0REQ\0\0\0\x10", b"\0RES\0\0\0\x11"


def talk(peer: Peer) -> Talk:
    """Echo, then version."""
    data = peer.nonce
    size = len(data).to_bytes(4, "big")
    reply = yield Ask(ECHO_REQ + size + data, until=framed(8, 4, 12))
    if reply != ECHO_RES + size + data:
        return None
    said = yield Ask(b"version\n", until=b"\n")
    version = text(said).removeprefix("OK ") if said[:3] == b"OK " or said[:1].isdigit() else ""
    return Identity("gearman", "Gearman Job Queue System", version, proof="nonce", evidence=f"ECHO_RES, {text(said)}")


def hint(reply: bytes) -> bool:
    """What an HTTP request gets."""
    return reply.startswith(
        (b"ERR unknown_command Unknown+server+command", b"ERR UNKNOWN_COMMAND Unknown+server+command")
    )

"""NSQ's daemon: IDENTIFY, which every client sends, is answered with the daemon's version. Nothing is subscribed to.

Specification: NSQ, "TCP protocol spec": IDENTIFY with feature negotiation.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("nsq", tcp=(4150,), names=("nsqd",), anywhere=False)
BODY = b'{"feature_negotiation":true,"heartbeat_interval":-1}'
IDENTIFY = b"  V2IDENTIFY\n" + len(BODY).to_bytes(4, "big") + BODY
BAD_PROTOCOL = b"E_BAD_PROTOCOL"


def talk(peer: Peer) -> Talk:
    """IDENTIFY."""
    import json

    reply = bytes((yield Ask(IDENTIFY, until=framed(0, 4, 4))))
    # length, kind of frame (0, a response), data
    if len(reply) < 10 or len(reply) != 4 + int.from_bytes(reply[:4], "big") or reply[4:9] != b"\0\0\0\0{":
        return None
    try:
        told = json.loads(reply[8:])
    except (ValueError, RecursionError):
        return None
    said = told.get("version")
    if not isinstance(said, str) or "max_rdy_count" not in told:
        return None
    version = text(said.encode("utf-8", "replace"))
    return Identity("nsq", "NSQ", version, guarded=told.get("auth_required") is True, evidence=text(reply[8:]))


def hint(reply: bytes) -> bool:
    """What an HTTP request gets: an error frame."""
    return reply[8:] == BAD_PROTOCOL and reply[:8] == b"\0\0\0\x12\0\0\0\x01"

"""RethinkDB: the magic number of its handshake is answered with its version, before a user is named.

Specification: RethinkDB, "Writing RethinkDB drivers": V1_0 handshake.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("rethinkdb", tcp=(28015,), anywhere=False)
MAGIC = b"\xc3\xbd\xc2\x34"  # 34c2bdc3, little-endian: V1_0


def talk(peer: Peer) -> Talk:
    """The magic number."""
    import json

    reply = yield Ask(MAGIC, until=b"\0")
    if not reply.startswith(b"{") or not reply.endswith(b"\0"):
        return None
    try:
        told = json.loads(reply[:-1])
    except (ValueError, RecursionError):
        return None
    said = told.get("server_version")
    if not isinstance(said, str) or "max_protocol_version" not in told:
        return None
    version = text(said.encode("utf-8", "replace"))
    cpe = f"cpe:/a:rethinkdb:rethinkdb:{version}"
    return Identity("rethinkdb", "RethinkDB", version, cpe=(cpe,), guarded=True, evidence=text(reply))

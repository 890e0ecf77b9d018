"""Riak KV's protocol buffers port: RpbGetServerInfoReq reads the node's name and version. Nobody logs in.

Specification: Riak KV, "PBC server info" (codes 7 and 8; where security is on, error 0).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, framed, text
from hb_engine.model.identity import Identity
from hb_engine.wire import protobuf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("riak-pbc", tcp=(8087,), names=("riak",), anywhere=False)
QUESTION = b"\0\0\0\x01\x07"
ERROR, ANSWER = 0, 8


def talk(peer: Peer) -> Talk:
    """Which server is this?"""
    reply = bytes((yield Ask(QUESTION, until=framed(0, 4, 4))))
    if len(reply) < 6 or len(reply) != 4 + int.from_bytes(reply[:4], "big") or reply[4] not in (ERROR, ANSWER):
        return None
    told = {field: value for field, value in protobuf.fields(reply[5:]) if isinstance(value, bytes)}
    if reply[4] == ERROR:
        words = told.get(1, b"")
        known = words.startswith(b"Security is enabled")
        return Identity("riak-pbc", "Riak KV", guarded=True, evidence=text(words)) if known else None
    node, version = text(told.get(1, b"")), text(told.get(2, b""))
    if "@" not in node or not version[:1].isdigit():
        return None
    host = node.partition("@")[2]
    return Identity("riak-pbc", "Riak KV", version, hostname=host, evidence=text(f"{node} {version}".encode()))

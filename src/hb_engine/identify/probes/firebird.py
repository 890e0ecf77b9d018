"""Firebird and InterBase: op_connect agrees on a protocol before any database is named or anybody logs in.

The newest protocol that is accepted narrows the release. The connection is given up before anything is attached.
Specification: Firebird, src/remote/protocol.h and "Firebird wire protocol" (XDR).
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe
from hb_engine.model.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("firebird", tcp=(3050,), names=("gds_db", "gds-db", "interbase"), anywhere=False)
CONNECT, ACCEPT, REJECT, RESPONSE, CONT_AUTH, ACCEPT_DATA, COND_ACCEPT = 1, 3, 4, 9, 92, 94, 98
FLAG = 0x8000  # of protocols that are Firebird's and not InterBase's
OFFERS = (10, 11 | FLAG, 12 | FLAG, 13 | FLAG, 15 | FLAG, 16 | FLAG, 17 | FLAG, 18 | FLAG, 19 | FLAG)
RELEASES = {
    10: "before 2.1", 11: "2.1", 12: "2.5", 13: "3.0", 14: "3.0", 15: "3.0", 16: "4.0", 17: "4.0", 18: "5.0", 19: "5.0",
}  # fmt: skip


def talk(peer: Peer) -> Talk:
    """Offer every protocol, read which is taken."""
    reply = bytes((yield Ask(_connect(), until=_whole)))
    operation = int.from_bytes(reply[:4], "big")
    if operation == REJECT and len(reply) == 4:
        return Identity("firebird", proof="pattern", evidence="op_reject")
    if operation == CONT_AUTH and reply[4:] == bytes(16):
        return _named("release 3.0 or later", "op_cont_auth, which asks who we are")
    # an object, a blob, no data; then a status vector: kind 1 (an error), 0x1400....
    if operation == RESPONSE and reply[4:20] == bytes(16) and reply[20:26] == b"\0\0\0\x01\x14\0":
        return _named("", f"op_response, error {int.from_bytes(reply[24:28], 'big')}")
    if operation not in (ACCEPT, ACCEPT_DATA, COND_ACCEPT) or len(reply) < 16:
        return None
    version, architecture, kind = (int.from_bytes(reply[at : at + 4], "big") for at in (4, 8, 12))
    if (
        version & 0xFFFF not in OFFERS
        or version >> 16 not in (0, 0xFFFF)
        or architecture != 1
        or not 2 <= kind & 0xFF <= 5
    ):
        return None
    number = version & 0x7FFF
    words = f"operation {operation}, protocol {number} accepted"
    if not version & FLAG:
        return Identity("firebird", info=f"protocol {number}", evidence=words)
    return _named(f"protocol {number}, release {RELEASES[number]}", words)


def _named(info: str, evidence: str) -> Identity:
    cpe = ("cpe:/a:firebirdsql:firebird",)
    return Identity("firebird", "Firebird RDBMS", info=info, cpe=cpe, guarded=True, evidence=evidence)


def _whole(data: bytes) -> bool:
    """As long as the shortest packet of its kind."""
    needed = {REJECT: 4, CONT_AUTH: 20, RESPONSE: 28}.get(int.from_bytes(data[:4], "big"), 16)
    return len(data) >= 4 and len(data) >= needed


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _connect() -> bytes:
    """op_connect to attach later: version 3, generic architecture, no file, the offers, no user."""
    head = _number(CONNECT) + _number(19) + _number(3) + _number(1) + _number(0) + _number(len(OFFERS)) + _number(0)
    # each: version, architecture 1, types 2 (rpc) to 5 (lazy send), weight
    offers = [
        _number(offer) + _number(1) + _number(2) + _number(5) + _number(2 * at) for at, offer in enumerate(OFFERS, 1)
    ]
    return head + b"".join(offers)

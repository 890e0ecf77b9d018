"""ONC RPC version 2 (RFC 5531): calls without credentials, and replies that are for our call and nobody else's.

One call asks one procedure; over TCP it travels in one record (section 11). It refuses authentication of any kind, and
a reply whose transaction id is not ours is no reply.
"""

from __future__ import annotations

from hb_engine.model.errors import Truncated
from hb_engine.model.record import record
from hb_engine.wire.cursor import Cursor

LAST = 0x80000000  # of the record mark: this fragment is the last
ACCEPTED = ("success", "program unavailable", "program mismatch", "procedure unavailable", "garbage", "system error")
DENIED = ("rpc mismatch", "authentication error")


@record
class RpcReply:
    """What became of a call: one of ACCEPTED or DENIED; low and high where versions mismatch; results of success."""

    state: str
    low: int = 0
    high: int = 0
    results: bytes = b""

    @property
    def accepted(self) -> bool:
        """Whether a program answered, whatever it said."""
        return self.state in ACCEPTED


def call(xid: bytes, program: int, version: int, procedure: int = 0, *, stream: bool = True) -> bytes:
    """A call with no arguments and AUTH_NONE; `xid` is four bytes."""
    words = (0, 2, program, version, procedure, 0, 0, 0, 0)  # CALL, RPC version, ..., two empty authenticators
    body = xid + b"".join([word.to_bytes(4, "big") for word in words])
    return (LAST | len(body)).to_bytes(4, "big") + body if stream else body


def whole(data: bytes) -> bool:
    """Whether a record on a stream has come to its end. One of several fragments is taken with its first."""
    return len(data) >= 4 and len(data) >= 4 + (int.from_bytes(data[:4], "big") & ~LAST)


def reply(data: bytes, xid: bytes, *, stream: bool = True) -> RpcReply | None:
    """The reply to a call, or None where these bytes are none."""
    try:
        return _read(Cursor(data, 4 if stream else 0), xid)
    except Truncated:
        return None


def _read(cursor: Cursor, xid: bytes) -> RpcReply | None:
    if cursor.take(4) != xid or cursor.be32() != 1:
        return None
    denied = cursor.be32()
    if denied > 1:
        return None
    if denied:
        state = cursor.be32()
        return RpcReply(DENIED[state]) if state < len(DENIED) else None
    cursor.be32()  # the verifier's flavour
    cursor.skip(-(-min(cursor.be32(), 400) // 4) * 4)
    state = cursor.be32()
    if state >= len(ACCEPTED):
        return None
    if state == 2:
        return RpcReply(ACCEPTED[state], cursor.be32(), cursor.be32())
    return RpcReply(ACCEPTED[state], results=cursor.take(cursor.left) if state == 0 else b"")

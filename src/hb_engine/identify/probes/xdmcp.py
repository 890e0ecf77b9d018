"""XDMCP (X Display Manager Control Protocol 1.1): a display manager says whether it would manage a display.

Only Query is sent, to one host; no session is requested.
"""

from __future__ import annotations

from hb_engine.identify.kit import Ask, Peer, Probe, text
from hb_engine.model.errors import Truncated
from hb_engine.model.identity import Identity
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.identify.kit import Talk

PROBE = Probe("xdmcp", udp=(177,))
QUERY = b"\0\1\0\2\0\1\0"  # version 1, opcode 2, one byte: no names of authentication
WILLING, UNWILLING = 5, 6


def talk(peer: Peer) -> Talk:
    """One query, one datagram back."""
    reply = yield Ask(QUERY)
    told = _read(reply)
    if told is None:
        return None
    opcode, host, status = told
    return Identity(
        "xdmcp",
        info=text(status),
        hostname=text(host),
        evidence=f"{'willing' if opcode == WILLING else 'unwilling'}: {text(status)}"[:200],
        guarded=opcode == UNWILLING,
    )


def _read(reply: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode, host and status of Willing (authentication, host, status) or Unwilling (host, status)."""
    try:
        cursor = Cursor(reply)
        version, opcode, length = cursor.be16(), cursor.be16(), cursor.be16()
        if version != 1 or opcode not in (WILLING, UNWILLING) or length != cursor.left:
            return None
        fields = [cursor.take(cursor.be16()) for _ in range(3 if opcode == WILLING else 2)]
    except Truncated:
        return None
    return None if cursor.left else (opcode, fields[-2], fields[-1])

"""NetBIOS names as they travel (RFC 1001 14, RFC 1002 4.1 and 4.2.18): sixteen bytes, half a byte to a letter.

It refuses names of more than fifteen bytes, which there are none of; scopes are empty.
"""

from __future__ import annotations

from hb_engine.model.errors import Truncated
from hb_engine.wire.cursor import Cursor

STATUS = b"\x00\x21\x00\x01"  # type NBSTAT, class IN
GROUP = 0x8000


def encoded(name: bytes, suffix: int, padding: bytes = b" ") -> bytes:
    """A name with its suffix, as a label of 32 letters and the empty scope."""
    whole = name[:15].ljust(15, padding) + bytes((suffix,))
    return b"\x20" + bytes([65 + half for byte in whole for half in (byte >> 4, byte & 15)]) + b"\0"


def status(data: bytes, xid: bytes) -> tuple[list[tuple[bytes, int, bool]], str] | None:
    """The names of a node status response (name, suffix, whether it is a group's) and the hardware address."""
    try:
        return _read(Cursor(data), xid)
    except Truncated:
        return None


def _read(cursor: Cursor, xid: bytes) -> tuple[list[tuple[bytes, int, bool]], str] | None:
    if cursor.take(2) != xid or not cursor.be16() & 0x8000:
        return None
    questions, answers = cursor.be16(), cursor.be16()
    cursor.skip(4)
    if questions or answers != 1 or cursor.u8() != 0x20:
        return None
    cursor.skip(33)
    if cursor.take(4) != STATUS:
        return None
    cursor.skip(6)  # time to live, length
    names = []
    for _ in range(cursor.u8()):
        name, suffix, flags = cursor.take(15), cursor.u8(), cursor.be16()
        names.append((name.rstrip(b" \0"), suffix, bool(flags & GROUP)))
    return names, ":".join([f"{byte:02x}" for byte in cursor.take(6)])

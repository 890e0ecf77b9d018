"""Netlink's framing: requests into bytes, answers into messages and attributes.

One place that knows lengths, alignment and the three ways in which the kernel says no: an error message, an error in
the end of a dump (easily missed: an empty dump of a missing module looks like an empty machine), and a dump that was
disturbed. It knows no protocol behind netlink and sends nothing.

Sources: RFC 3549 2.2 and 2.3; netlink(7); include/uapi/linux/netlink.h.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import CannotLook, Truncated
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hb_engine.wire.cursor import Bytes

ROUTE, SOCK_DIAG, XFRM, GENERIC = 0, 4, 6, 16
NOOP, ERROR, DONE, OVERRUN = 1, 2, 3, 4
F_REQUEST, F_MULTI, F_ACK, F_DUMP_INTR, F_DUMP = 0x1, 0x2, 0x4, 0x10, 0x300
NESTED, TYPE_MASK = 0x8000, 0x3FFF

HEADER = Struct("=IHHII")  # length, type, flags, sequence, port id
_ATTRIBUTE = Struct("=HH")  # length, type
_CODE = Struct("=i")


class Refused(CannotLook):
    """The kernel answered a request with an error; `code` is its errno, positive."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message or f"netlink refused a request with errno {code}")
        self.code = code


class Interrupted(CannotLook):
    """What was being listed changed while it was listed (NLM_F_DUMP_INTR): ask again."""


def request(kind: int, body: bytes = b"", flags: int = F_REQUEST | F_DUMP, sequence: int = 1) -> bytes:
    """One request message."""
    return HEADER.pack(HEADER.size + len(body), kind, flags, sequence, 0) + body


def attribute(kind: int, payload: bytes) -> bytes:
    """One attribute, padded to four bytes. Raises ValueError where the payload is longer than its length field."""
    length = _ATTRIBUTE.size + len(payload)
    if length > 0xFFFF:
        raise ValueError(f"a netlink attribute holds at most 65531 bytes, not {len(payload)}")
    return _ATTRIBUTE.pack(length, kind) + payload + bytes(-length % 4)


def messages(data: Bytes, size: int, sequence: int = 1) -> Iterator[tuple[int, Cursor]]:
    """The messages of one datagram that answer request `sequence`, as (type, cursor over the body), until DONE.

    DONE itself is yielded, and ends it; the bodies share `data`, so read them before it is filled again.
    Raises Truncated, Refused or Interrupted.
    """
    cursor = Cursor(data, 0, size)
    while cursor.left:
        length, kind, flags, number, _port = cursor.unpack(HEADER)
        if length < HEADER.size:
            raise Truncated(f"a netlink message says that it is {length} bytes long")
        body = cursor.part(length - HEADER.size)
        cursor.align(4)
        if number != sequence or kind == NOOP:
            continue
        refuse(kind, flags, body)
        yield kind, body
        if kind == DONE:
            return


def refuse(kind: int, flags: int, body: Cursor) -> None:
    """Raise what a message says against us. An ERROR of code 0 is an acknowledgement, and passes."""
    if flags & F_DUMP_INTR:
        raise Interrupted("the kernel's list changed while it was read")
    if kind == OVERRUN:
        raise Truncated("netlink says that answers were lost")
    if kind == ERROR or (kind == DONE and body.left >= _CODE.size):
        # The end of a dump carries the dump's result since Linux 2.6: ENOENT here means that nobody was asked.
        code = Cursor.i32(body)
        if code < 0:
            raise Refused(-code)


def attributes(body: Cursor) -> Iterator[tuple[int, Cursor]]:
    """The attributes from where the cursor stands to its end, as (type without flags, cursor over the payload)."""
    while body.left >= _ATTRIBUTE.size:
        length, kind = body.unpack(_ATTRIBUTE)
        if length < _ATTRIBUTE.size:
            raise Truncated(f"a netlink attribute says that it is {length} bytes long")
        yield kind & TYPE_MASK, body.part(length - _ATTRIBUTE.size)
        body.align(4)

"""BER as probes need it: small messages put together, and strangers' messages taken apart without an exception.

der.py reads what has to be whole and right, and raises where it is not. A probe asks less: which elements are there,
and is the one that proves the protocol among them. So `pieces` gives the elements up to the first that cannot be read.
It refuses tags of several bytes and indefinite lengths, as der.py does (ITU-T X.690 8.1; RFC 4511 5.1).
"""

from __future__ import annotations

from hb_engine.model.errors import DataError, Truncated
from hb_engine.wire.cursor import Cursor
from hb_engine.wire.der import element

INTEGER, OCTETS, OID, ENUMERATED, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x0A, 0x30, 0x31
MANY = 512  # elements of one level that are read at most


def tlv(tag: int, *contents: bytes) -> bytes:
    """One element: tag, length in its shortest form, contents one after the other."""
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def integer(value: int) -> bytes:
    """An INTEGER that is not negative."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER from its dots."""
    first, second, *rest = [int(part) for part in dotted.split(".")]
    body = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.insert(0, arc & 0x7F | 0x80)
        body += bytes(groups)
    return tlv(OID, bytes(body))


def pieces(data: bytes) -> list[tuple[int, bytes]]:
    """The elements of one level as (tag, content), up to the first that is not whole; at most MANY."""
    cursor, found = Cursor(data), list[tuple[int, bytes]]()
    try:
        while cursor.left and len(found) < MANY:
            tag, content = element(cursor)
            found.append((tag, content.take(content.left)))
    except (Truncated, DataError):
        pass
    return found


def first(data: bytes, *tags: int) -> bytes | None:
    """The content of the first element with a tag, then of the first inside that one; None where one is missing."""
    for tag in tags:
        found = next((content for got, content in pieces(data) if got == tag), None)
        if found is None:
            return None
        data = found
    return data


def number(content: bytes | None) -> int | None:
    """The value of an INTEGER or ENUMERATED of at most eight bytes; None for anything else."""
    return int.from_bytes(content, "big", signed=True) if content and len(content) <= 8 else None


def complete(data: bytes) -> bool:
    """Whether the first element is there whole, or is none at all: then nothing more is to be waited for."""
    try:
        element(Cursor(data))
    except Truncated:
        return False
    except DataError:
        return True
    return True

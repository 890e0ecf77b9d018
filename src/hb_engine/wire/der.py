"""DER and BER, as certificates and LDAP-like protocols are written: a tag, a length, and so many bytes (ITU-T X.690).

Strangers choose every byte. A length is believed only as far as the cursor reaches, tags and lengths of several bytes
are bounded, and nothing here calls itself: how deep a structure is read is decided by who reads it. It refuses what DER
forbids and nobody needs, which is the indefinite length.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hb_engine.wire.cursor import Cursor

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, ENUMERATED = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A
SEQUENCE, SET = 0x30, 0x31
LONGEST_OID = 64  # bytes; the longest that is registered for certificates has fewer than twenty


def element(cursor: Cursor) -> tuple[int, Cursor]:
    """The next element: its tag, and a cursor over its content. Raises Truncated, or DataError for what is not DER."""
    tag = cursor.u8()
    if tag & 0x1F == 0x1F:
        raise DataError("a DER tag of several bytes")
    return tag, cursor.part(_length(cursor))


def expect(cursor: Cursor, *tags: int) -> Cursor:
    """The content of the next element, which has to have one of these tags. Raises Truncated and DataError."""
    tag, content = element(cursor)
    if tag not in tags:
        raise DataError(f"a DER element has tag {tag:#04x} where {tags[0]:#04x} was expected")
    return content


def optional(cursor: Cursor, tag: int) -> Cursor | None:
    """The content of the next element if it has this tag; otherwise None, and the cursor stays where it is."""
    at = cursor.offset
    if not cursor.left or cursor.u8() != tag:
        cursor.offset = at
        return None
    return cursor.part(_length(cursor))


def oid(content: Cursor) -> str:
    """An object identifier in dots: 2.5.4.3. Raises DataError for one that is empty, too long, or breaks off."""
    raw = content.take(content.left)
    if not raw or len(raw) > LONGEST_OID or raw[-1] & 0x80:
        raise DataError(f"an object identifier of {len(raw)} bytes cannot be read")
    arcs, value = list[int](), 0
    for byte in raw:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join([str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:])])


def bits(content: Cursor) -> int:
    """How many bits an INTEGER has, without making a number of it: the size of an RSA modulus."""
    raw = content.take(content.left).lstrip(b"\0")
    return 8 * len(raw) - 8 + raw[0].bit_length() if raw else 0


def _length(cursor: Cursor) -> int:
    first = cursor.u8()
    if first < 0x80:
        return first
    if first in (0x80, 0xFF) or first > 0x84:
        raise DataError(f"a DER length begins with {first:#04x}")
    return int.from_bytes(cursor.take(first & 0x7F), "big")

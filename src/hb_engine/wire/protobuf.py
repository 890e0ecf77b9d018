"""Protocol Buffers on the wire, as far as a few handshakes need it: fields by number, without a schema.

Strangers' bytes: what does not parse yields what came before it, and nothing more. It refuses groups and recursion: a
message inside a message is bytes, to be read again by who knows that it is one.
Specification: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1000  # fields of one message that are read


def varint(value: int) -> bytes:
    """A number that is not negative, seven bits a byte, the lowest first."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def number(field: int, value: int) -> bytes:
    """A field that is a number, a boolean or an enumeration."""
    return varint(field << 3) + varint(value)


def octets(field: int, value: bytes) -> bytes:
    """A field that is a text, bytes or a message."""
    return varint(field << 3 | 2) + varint(len(value)) + value


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in order, as numbers or bytes (fixed-width ones are bytes), up to what does not parse."""
    at = 0
    for _ in range(MOST):
        tag, at = _read(data, at)
        kind = tag & 7
        if at < 0 or kind not in (0, 1, 2, 5) or tag >> 3 == 0:
            return
        if kind == 0:
            value, at = _read(data, at)
            if at < 0:
                return
            yield tag >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind, 0)
        if kind == 2:
            size, at = _read(data, at)
        if at < 0 or at + size > len(data):
            return
        yield tag >> 3, bytes(data[at : at + size])
        at += size


def _read(data: bytes, at: int) -> tuple[int, int]:
    """A varint at a place, and the place behind it; a place of -1 where there is none."""
    value = 0
    for index in range(10):
        if not 0 <= at + index < len(data):
            break
        byte = data[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, at + index + 1
    return 0, -1

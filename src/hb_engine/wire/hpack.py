"""HPACK, the compression of HTTP/2's headers (RFC 7541): read whole, written in its plainest form.

What is read is a stranger's: numbers, strings and the table are bounded, and the number of fields is too. What is
written is literal and never indexed, which every reader has to understand. It refuses what the RFC calls an error.
"""

from __future__ import annotations

from hb_engine.model.errors import DataError
from hb_engine.wire.cursor import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    Field = tuple[str, str]

FIELDS = 200  # that are kept of one block
TABLE = 4096  # bytes of the dynamic table (RFC 9113 6.5.2, SETTINGS_HEADER_TABLE_SIZE)
LONGEST = 16384  # bytes of one string
OVERHEAD = 32  # of an entry, RFC 7541 4.1

# Appendix A: name, or name=value; a tilde stands for comma and space.
_STATIC = """
:authority :method=GET :method=POST :path=/ :path=/index.html :scheme=http :scheme=https :status=200 :status=204
:status=206 :status=304 :status=400 :status=404 :status=500 accept-charset accept-encoding=gzip~deflate
accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control
content-disposition content-encoding content-language content-length content-location content-range content-type
cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since
last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh
retry-after server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate
"""
# Appendix B: how many bits the code of each byte has, from a (5) to z (30). The codes follow: it is a canonical code.
_BITS = (
    "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibccccccccccccccccccccccdcdioijbkaba"
    "babbbaccbbbabcbaabccccckgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrsvvporsru"
    "vvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv"
)


class Decoder:
    """One direction of one connection: blocks are read in the order in which they came."""

    def __init__(self) -> None:
        self._table: list[Field] = []
        self._size = 0
        self._limit = TABLE

    def read(self, block: bytes) -> list[Field]:
        """The fields of one header block. Raises Truncated and DataError; the connection is of no use after that."""
        cursor, fields = Cursor(block), list[tuple[str, str]]()
        while cursor.left:
            first = cursor.u8()
            if first & 0x80:
                field = self._entry(_number(cursor, first, 7))
            elif first & 0x40:
                field = self._literal(cursor, first, 6)
                self._add(field)
            elif first & 0x20:
                self._shrink(_number(cursor, first, 5))
                continue
            else:
                field = self._literal(cursor, first, 4)
            if len(fields) < FIELDS:
                fields.append(field)
        return fields

    def _literal(self, cursor: Cursor, first: int, bits: int) -> Field:
        index = _number(cursor, first, bits)
        name = self._entry(index)[0] if index else _string(cursor)
        return name, _string(cursor)

    def _entry(self, index: int) -> Field:
        static = _static()
        if 1 <= index <= len(static):
            return static[index - 1]
        if not 0 <= index - len(static) - 1 < len(self._table):
            raise DataError(f"HPACK: there is no entry {index}")
        return self._table[index - len(static) - 1]

    def _add(self, field: Field) -> None:
        self._table.insert(0, field)
        self._size += _weight(field)
        self._evict()

    def _shrink(self, limit: int) -> None:
        if limit > TABLE:
            raise DataError(f"HPACK: a table of {limit} bytes was not agreed on")
        self._limit = limit
        self._evict()

    def _evict(self) -> None:
        while self._size > self._limit:
            self._size -= _weight(self._table.pop())


def encode(fields: list[Field]) -> bytes:
    """A header block: every field literal, without indexing, without Huffman's code."""
    parts = list[bytes]()
    for name, value in fields:
        parts += [b"\0", _plain(name.encode("latin-1")), _plain(value.encode("latin-1"))]
    return b"".join(parts)


def _plain(data: bytes) -> bytes:
    size = len(data)
    if size < 0x7F:
        return bytes((size,)) + data
    rest, prefix = size - 0x7F, [0x7F]
    while rest >= 0x80:
        prefix.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes((*prefix, rest)) + data


def _number(cursor: Cursor, first: int, bits: int) -> int:
    """RFC 7541 5.1; at most four further bytes."""
    value = first & (1 << bits) - 1
    if value < (1 << bits) - 1:
        return value
    for shift in (0, 7, 14, 21):
        byte = cursor.u8()
        value += (byte & 0x7F) << shift
        if not byte & 0x80:
            return value
    raise DataError("HPACK: a number has no end")


def _string(cursor: Cursor) -> str:
    first = cursor.u8()
    size = _number(cursor, first, 7)
    if size > LONGEST:
        raise DataError(f"HPACK: a string of {size} bytes")
    raw = cursor.take(size)
    return (huffman(raw) if first & 0x80 else raw).decode("latin-1")


def huffman(raw: bytes) -> bytes:
    """Undo Appendix B. Raises DataError for a code that stands for nothing, and for padding that is none."""
    codes, out, value, bits = _codes(), bytearray(), 0, 0
    for byte in raw:
        value, bits = value << 8 | byte, bits + 8
        taken = True
        while taken and bits >= 5:
            taken = False
            for size in range(5, min(bits, 30) + 1):
                symbol = codes.get((size, value >> bits - size))
                if symbol is not None:
                    out.append(symbol)
                    bits -= size
                    value &= (1 << bits) - 1
                    taken = True
                    break
        if bits >= 30:
            raise DataError("HPACK: a code that stands for nothing")
    if bits > 7 or value != (1 << bits) - 1:
        raise DataError("HPACK: a string's padding is no beginning of its end")
    return bytes(out)


def _codes(made: dict[tuple[int, int], int] = {}) -> dict[tuple[int, int], int]:  # noqa: B006  # made once, when asked
    """Length and value of every code, and its byte."""
    if not made:
        code = before = 0
        for size, symbol in sorted([(ord(letter) - 92, symbol) for symbol, letter in enumerate(_BITS)]):
            code <<= size - before
            made[size, code] = symbol
            code, before = code + 1, size
    return made


def _static(made: list[Field] = []) -> list[Field]:  # noqa: B006  # made once, when first asked
    if not made:
        for entry in _STATIC.split():
            name, _, value = entry[1:].partition("=")
            made.append((entry[:1] + name, value.replace("~", ", ")))
    return made


def _weight(field: Field) -> int:
    return len(field[0]) + len(field[1]) + OVERHEAD

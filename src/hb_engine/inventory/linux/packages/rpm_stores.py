"""rpm's older databases, read without rpm: Berkeley DB (RHEL 5 to 8, Amazon Linux 2) and ndb (SUSE).

Both are a file of package headers behind a layer of pages. Neither has an index here that could be trusted, so every
header that holds the wanted file name is handed out, and its reader decides. The reader is a function (offset, size) ->
bytes. Every number is checked against the size of the file, no store makes its reader read more than itself once, and
one that does not hold what it promises raises Truncated: half the packages are worse than none.

Berkeley DB: a hash table; page 0 names the page size; a header is larger than a page can hold and therefore lies in a
chain of overflow pages. Byte order is that of the machine that wrote it, told by the magic number.
ndb: slots of 16 bytes (magic, package, first block, blocks) in pages of 4 KiB, blocks of 16 bytes, little-endian.

Sources: Berkeley DB 5.3 src/dbinc/db_page.h, src/dbinc/hash.h; rpm's lib/backend/ndb/rpmpkg.c.
"""

from __future__ import annotations

from struct import Struct

from hb_engine.model.errors import Truncated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Reader = Callable[[int, int], bytes]

MAX_HEADER = 64 << 20  # bytes; the largest real ones have ten million
BDB_HASH = 0x00061561
_PAGE_HEADER = 26  # lsn 8, number 4, previous 4, next 4, entries 2, free offset 2, level 1, type 1
_OVERFLOW = 7  # page type; hash pages are 2 (unsorted) and 13
_OFF_PAGE = 3  # an item that names a chain: type 1, padding 3, page 4, length 4

NDB_PAGE, NDB_BLOCK = 4096, 16
NDB_MAX_PAGES = 1 << 12  # a million packages
_NDB_HEAD, _SLOT, _BLOB = Struct("<4sIIII"), Struct("<4sIII"), Struct("<4sIII")


def bdb_headers(read: Reader, size: int, basenames: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(base name, header that may hold it) in a Berkeley DB of `size` bytes. Raises Truncated or OSError."""
    meta = read(0, 512)
    order = next((o for o in "<>" if len(meta) == 512 and Struct(o + "I").unpack_from(meta, 12)[0] == BDB_HASH), "")
    page = Struct(f"{order}I").unpack_from(meta, 20)[0] if order else 0
    if not order or page not in (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536):
        raise Truncated("this is no hash table of Berkeley DB")
    left = size
    for number in range(1, size // page):
        data = read(number * page, page)
        if data[25:26] in (b"\x02", b"\x0d"):
            for first, length in _off_page(data, order):
                left -= length  # no two headers share a page
                blob = _chain(read, first, length if left >= 0 else MAX_HEADER + 1, page, order)
                yield from _holding(blob, basenames)


def _holding(blob: bytes, basenames: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for basename in basenames:
        if basename + b"\0" in blob:
            yield basename, blob


def _off_page(page: bytes, order: str) -> Iterator[tuple[int, int]]:
    """(first page, length) of the values of a hash page that lie elsewhere. Keys and values take turns."""
    count = Struct(order + "H").unpack_from(page, 20)[0]
    if _PAGE_HEADER + 2 * count > len(page):
        raise Truncated(f"a page of Berkeley DB promises {count} entries")
    item = Struct(order + "B3xII")
    for at in Struct(f"{order}{count}H").unpack_from(page, _PAGE_HEADER)[1::2]:
        if at >= len(page):
            raise Truncated("a page of Berkeley DB names a place behind its end")
        if page[at] == _OFF_PAGE:
            if at + item.size > len(page):
                raise Truncated("a page of Berkeley DB ends within an entry")
            _, first, length = item.unpack_from(page, at)
            yield first, length


def _chain(read: Reader, number: int, length: int, page: int, order: str) -> bytes:
    """The bytes of a chain of overflow pages, of which each says how many of its bytes count, and which is next."""
    if length > MAX_HEADER:
        raise Truncated(f"a header of {length} bytes")
    pieces, have, head = [], 0, Struct(order + "16xIHHBB")
    while have < length:
        data = read(number * page, page) if number else b""
        if len(data) < page:
            raise Truncated("a chain of pages in Berkeley DB ends early")
        following, _, used, _, kind = head.unpack_from(data)
        if kind != _OVERFLOW or used != min(page - _PAGE_HEADER, length - have):
            raise Truncated("a chain of pages in Berkeley DB leads to a page of another kind")
        pieces.append(data[_PAGE_HEADER : _PAGE_HEADER + used])
        have, number = have + used, following
    return b"".join(pieces)


def ndb_headers(read: Reader, size: int, basenames: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """(base name, header that may hold it) in an ndb store of `size` bytes. Raises Truncated or OSError."""
    head = read(0, _NDB_HEAD.size)
    if len(head) < _NDB_HEAD.size:
        raise Truncated("an ndb store of a few bytes")
    magic, version, _, pages, _ = _NDB_HEAD.unpack(head)
    if magic != b"RpmP" or version != 0 or not 0 < pages <= NDB_MAX_PAGES or pages * NDB_PAGE > size:
        raise Truncated("this is no ndb store of version 0, or it is cut off")
    left = size
    slots = read(0, pages * NDB_PAGE)
    for at in range(32, len(slots) - _SLOT.size + 1, _SLOT.size):
        magic, package, block, blocks = _SLOT.unpack_from(slots, at)
        if magic != b"Slot":
            raise Truncated(f"the slot at byte {at} of an ndb store is damaged")
        if block:
            left -= blocks * NDB_BLOCK
            blob = _blob(read, package, block * NDB_BLOCK, blocks * NDB_BLOCK if left >= 0 else 0)
            yield from _holding(blob, basenames)


def _blob(read: Reader, package: int, offset: int, size: int) -> bytes:
    if not _BLOB.size <= size <= MAX_HEADER:
        raise Truncated(f"package {package} of an ndb store has {size} bytes")
    data = read(offset, size)
    if len(data) < size:
        raise Truncated(f"package {package} of an ndb store lies behind the end of the file")
    magic, number, _, length = _BLOB.unpack_from(data)
    if magic != b"BlbS" or number != package or length > size - _BLOB.size:
        raise Truncated(f"package {package} of an ndb store is damaged")
    return data[_BLOB.size : _BLOB.size + length]
